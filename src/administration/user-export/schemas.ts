import { z } from "@hono/zod-openapi";
import { momentBefore, periodEnd } from "#src/http/moments.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { roles, tiers } from "#src/kernel/actor.ts";
import { administeredUserSchema } from "../users/schemas.ts";

const exportFormats = ["csv", "json"] as const;

/** What an export may tell of an account. */
export const exportFields = [
  "id",
  "email",
  "client_id",
  "role",
  "subscription_tier",
  "is_active",
  "email_verified",
  "first_name",
  "last_name",
  "company",
  "phone",
  "total_logins",
  "last_login_at",
  "created_at",
  "updated_at",
] as const;
export type ExportField = (typeof exportFields)[number];

const defaultFields: ExportField[] = ["id", "email", "role", "client_id", "subscription_tier", "created_at"];

export const exportUsersSchema = z
  .strictObject({
    format: z.enum(exportFormats),
    filters: z
      .strictObject({
        client_id: clientIdSchema,
        subscription_tier: z.enum(tiers),
        role: z.enum(roles),
        is_active: z.boolean(),
        created_after: momentBefore,
        created_before: periodEnd,
      })
      .partial()
      .default({})
      .openapi({ description: "All of them must hold" }),
    fields: z
      .array(z.enum(exportFields))
      .min(1)
      .max(exportFields.length)
      .refine((fields) => new Set(fields).size === fields.length, "Each field once")
      .default(defaultFields)
      .openapi({ description: "Columns, in this order" }),
  })
  .openapi("ExportUsers", {
    example: {
      format: "csv",
      filters: { subscription_tier: "premium", created_after: "2026-01-01T00:00:00Z" },
      fields: ["id", "email", "created_at"],
    },
  });

export type ExportUsers = z.infer<typeof exportUsersSchema>;

/** The JSON file; each account has the fields that were asked for. */
export const exportedUsersSchema = z
  .object({
    users: z.array(
      z
        .object({
          ...administeredUserSchema.shape,
          first_name: z.string().nullable(),
          last_name: z.string().nullable(),
          company: z.string().nullable(),
          phone: z.string().nullable(),
          total_logins: z.number().int(),
        } satisfies Record<ExportField, z.ZodType>)
        .partial(),
    ),
    count: z.number().int(),
    exported_at: z.iso.datetime(),
  })
  .openapi("ExportedUsers");
