import type { z } from "@hono/zod-openapi";
import type { UserRow } from "#src/identity/accounts/user-repository.ts";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import type { administeredUserSchema } from "./schemas.ts";

/** An account as administrators see it. */
export const administeredUserView = (row: UserRow): z.infer<typeof administeredUserSchema> => ({
  id: row.id,
  email: row.email,
  client_id: row.clientId,
  role: row.role,
  subscription_tier: row.tier,
  is_active: row.isActive,
  email_verified: row.emailVerified,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
  last_login_at: isoTimeOrNull(row.lastLoginAt),
});
