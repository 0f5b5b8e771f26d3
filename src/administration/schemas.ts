import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { periodEnd, periodStart } from "#src/http/moments.ts";
import { nextCursorSchema } from "#src/http/page.ts";
import { clientIdSchema, newPasswordSchema, profileFieldsSchema } from "#src/identity/schemas.ts";
import { sessionViewSchema } from "#src/identity/sessions/session-view.ts";
import { roles, tiers } from "#src/kernel/actor.ts";

const time = z.iso.datetime();
const flag = z.enum(["true", "false"]).transform((value) => value === "true");

const cursor = cursorQuery().shape.cursor;

const sortKeys = ["created_at", "updated_at", "email", "last_login_at", "role", "tier"] as const;

export const listUsersQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  page_size: z.coerce.number().int().min(1).max(100).default(20),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .optional()
    .openapi({ description: "In place of `page_size`" }),
  cursor: cursor.openapi({ description: "In place of `page`" }),
  email: z
    .string()
    .trim()
    .min(1)
    .max(254)
    // It ends a query of the index of address parts in the middle.
    .refine((part) => !part.includes("\0"), "No NUL")
    .optional()
    .openapi({ description: "A part of the address" }),
  client_id: clientIdSchema.optional(),
  role: z.enum(roles).optional(),
  tier: z.enum(tiers).optional(),
  is_active: flag.optional(),
  sort_by: z.enum(sortKeys).default("created_at"),
  sort_order: z.enum(["asc", "desc"]).default("desc"),
});

export const administeredUserSchema = z
  .object({
    id: z.uuid(),
    email: z.string(),
    client_id: z.string(),
    role: z.enum(roles),
    subscription_tier: z.enum(tiers),
    is_active: z.boolean(),
    email_verified: z.boolean(),
    created_at: time,
    updated_at: time,
    last_login_at: time.nullable(),
  })
  .openapi("AdministeredUser");

export const userListSchema = z
  .object({
    users: z.array(administeredUserSchema),
    total_count: z.number().int(),
    page: z.number().int(),
    page_size: z.number().int(),
    total_pages: z.number().int(),
    next_cursor: nextCursorSchema,
  })
  .openapi("AdministeredUserList");

export const userDetailsSchema = z
  .object({
    user: administeredUserSchema.extend({
      permissions: z.array(z.string()),
      profile: profileFieldsSchema.optional(),
    }),
    stats: z.object({
      total_projects: z.number().int(),
      total_personas: z.number().int(),
      last_login_at: time.nullable(),
      account_age: z.string().openapi({ description: "In whole hours, days or months", example: "6 months" }),
      total_logins: z.number().int(),
    }),
  })
  .openapi("AdministeredUserDetails");

export const updateUserSchema = z
  .strictObject({
    role: z.enum(roles),
    subscription_tier: z.enum(tiers),
    is_active: z.boolean(),
    email_verified: z.boolean(),
  })
  .partial()
  .refine((change) => Object.values(change).some((value) => value !== undefined), "Nothing to change")
  .openapi("UpdateUser", { example: { role: "moderator" } });

const reason = z.string().trim().min(1).max(500);

const bulkOperations = ["activate", "deactivate", "delete", "upgrade_tier"] as const;

/** Most accounts in one bulk operation. */
const maxBulkUsers = 1000;

export const bulkSchema = z
  .strictObject({
    user_ids: z
      .array(z.string().min(1).max(64))
      .min(1)
      .max(maxBulkUsers)
      .openapi({ description: "Repetitions count once" }),
    operation: z.enum(bulkOperations),
    params: z
      .strictObject({ tier: z.enum(tiers).optional().openapi({ description: "For `upgrade_tier`" }) })
      .optional(),
    reason: reason.optional().openapi({ description: "For the audit log" }),
  })
  .refine(({ operation, params }) => (operation === "upgrade_tier") === (params?.tier !== undefined), {
    path: ["params", "tier"],
    message: "Goes with `upgrade_tier`, and only with it",
  })
  .openapi("BulkUserOperation", {
    example: {
      user_ids: ["0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c"],
      operation: "deactivate",
      reason: "Left the company",
    },
  });

export const bulkResultSchema = z
  .object({
    operation: z.enum(bulkOperations),
    total: z.number().int().openapi({ description: "Different accounts asked for", example: 10 }),
    succeeded: z.number().int().openapi({ example: 9 }),
    failed: z.number().int().openapi({ example: 1 }),
    errors: z
      .array(z.string())
      .openapi({ example: ["User 0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c: User not found"] }),
  })
  .openapi("BulkUserResult");

export const grantSchema = z
  .strictObject({ permission_name: z.string().min(1).max(100) })
  .openapi("GrantPermission", { example: { permission_name: "personas.create" } });

export const permissionsSchema = z
  .object({ user_id: z.uuid(), permissions: z.array(z.string()) })
  .openapi("UserPermissions");

export const sessionsQuery = cursorQuery();

export const userSessionsSchema = z
  .object({
    user_id: z.uuid(),
    sessions: z.array(sessionViewSchema),
    count: z.number().int(),
    next_cursor: nextCursorSchema,
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

export const auditQuery = cursorQuery().extend({
  start_date: periodStart.optional(),
  end_date: periodEnd.optional(),
});

export const auditLogSchema = z
  .object({
    user_id: z.uuid(),
    logs: z.array(
      z.object({
        id: z.string(),
        actor_id: z.string().nullable(),
        action: z.string(),
        target_type: z.string(),
        target_id: z.string(),
        details: z.record(z.string(), z.unknown()),
        ip_address: z.string(),
        user_agent: z.string(),
        created_at: time,
      }),
    ),
    count: z.number().int(),
    next_cursor: nextCursorSchema,
    period: z.object({ start: time, end: time, start_date: time, end_date: time }),
  })
  .openapi("UserAudit");

export const activityQuery = cursorQuery().extend({
  offset: z.coerce.number().int().min(0).max(100_000).default(0),
});

export const activitySchema = z
  .object({
    user_id: z.uuid(),
    activities: z.array(
      z.object({
        id: z.string(),
        user_id: z.uuid(),
        action: z.string(),
        details: z.record(z.string(), z.unknown()),
        ip_address: z.string(),
        user_agent: z.string(),
        created_at: time,
      }),
    ),
    count: z.number().int(),
    next_cursor: nextCursorSchema,
  })
  .openapi("UserActivity");

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

export type SetUserPassword = z.infer<typeof setUserPasswordSchema>;
export type ListUsers = z.infer<typeof listUsersQuery>;
export type BulkUsers = z.infer<typeof bulkSchema>;
export type UpdateUser = z.infer<typeof updateUserSchema>;
