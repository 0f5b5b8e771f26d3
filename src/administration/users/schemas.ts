import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { nextCursorSchema } from "#src/http/page.ts";
import { clientIdSchema, profileFieldsSchema } from "#src/identity/index.ts";
import { roles, tiers } from "#src/kernel/actor.ts";

const time = z.iso.datetime();

/** What an operation on one account is about. */
export const userParams = z.object({ user_id: z.uuid() });

const flag = z.enum(["true", "false"]).transform((value) => value === "true");

const cursor = cursorQuery().shape.cursor;

const sortKeys = ["created_at", "updated_at", "email", "last_login_at", "role", "tier"] as const;

export const listUsersQuery = z.strictObject({
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

/** Why something is done to an account, for the audit log. */
export const reason = z.string().trim().min(1).max(500);

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

export type ListUsers = z.infer<typeof listUsersQuery>;
export type BulkUsers = z.infer<typeof bulkSchema>;
export type UpdateUser = z.infer<typeof updateUserSchema>;
