import { z } from "@hono/zod-openapi";
import { nextCursorSchema, pageFields } from "#src/http/page.ts";
import { newPasswordSchema, sessionViewSchema } from "#src/identity/index.ts";
import { reason } from "../users/schemas.ts";

export const permissionNameSchema = z.string().min(1).max(100);

export const grantSchema = z
  .strictObject({ permission_name: permissionNameSchema })
  .openapi("GrantPermission", { example: { permission_name: "personas.create" } });

export const permissionsSchema = z
  .object({ user_id: z.uuid(), permissions: z.array(z.string()) })
  .openapi("UserPermissions");

export const userSessionsSchema = z
  .object({
    user_id: z.uuid(),
    sessions: z.array(sessionViewSchema),
    ...pageFields,
  })
  .openapi("UserSessions");

export const endSessionsSchema = z
  .strictObject({ reason: reason.optional().openapi({ description: "For the audit log" }) })
  .openapi("EndSessions", { example: { reason: "Lost device" } });

export const endedSessionsSchema = z
  .object({
    user_id: z.uuid(),
    sessions_ended: z.number().int(),
    sessions_affected: z.number().int().openapi({ description: "The older name of `sessions_ended`" }),
  })
  .openapi("EndedSessions");

export const setUserPasswordSchema = z
  .strictObject({
    new_password: newPasswordSchema,
    require_change: z.boolean().default(false),
    notify_user: z.boolean().default(false),
    notification_note: z.string().trim().max(1000).optional(),
  })
  .openapi("SetUserPassword", { example: { new_password: "Correct-Horse-9", require_change: true } });

export const permissionListSchema = z
  .object({
    permissions: z.array(
      z
        .object({
          name: z
            .string()
            .openapi({ description: "What is granted and carried by tokens", example: "admin.users" }),
          description: z.string().openapi({ description: "What it allows, in words" }),
          operations: z
            .array(z.string())
            .openapi({ description: "Ids of the operations it opens; `*` for all that administrators have" }),
          also_spelled: z.array(z.string()).openapi({ description: "Older names that are accepted for it" }),
        })
        .openapi("Permission"),
    ),
    next_cursor: nextCursorSchema,
  })
  .openapi("PermissionList");
