import type { z } from "@hono/zod-openapi";
import { findProfile, permissionsOf } from "#src/identity/accounts/user-repository.ts";
import { profileFields } from "#src/identity/profile/profile-view.ts";
import type { Account } from "#src/kernel/actor.ts";
import { isoTimeOrNull } from "#src/kernel/clock.ts";
import { requireReadingUsers } from "../access/rights.ts";
import { auditReading, type ReadingContext } from "../audit/audit-reading.ts";
import type { userDetailsSchema } from "../schemas.ts";
import { accountAge } from "./account-age.ts";
import { countBelongings } from "./administered-user-repository.ts";
import { userWithin } from "./user-within.ts";
import { administeredUserView } from "./views.ts";

/**
 * An account with its permissions and what it has; for moderators too.
 * @throws AppError `USER_NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`
 */
export async function describeUser(
  context: ReadingContext,
  actor: Account,
  userId: string,
): Promise<z.infer<typeof userDetailsSchema>> {
  requireReadingUsers(actor);
  const { db, clock } = context;
  const row = await userWithin(db, actor, userId);
  await auditReading(context, actor, "user.read", { type: "user", id: userId });
  const [permissions, belongings, found] = await Promise.all([
    permissionsOf(db, userId),
    countBelongings(db, userId),
    findProfile(db, userId),
  ]);
  return {
    user: { ...administeredUserView(row), permissions, profile: found && profileFields(found.profile) },
    stats: {
      total_projects: belongings.projects,
      total_personas: belongings.personas,
      last_login_at: isoTimeOrNull(row.lastLoginAt),
      account_age: accountAge(row.createdAt, clock.now()),
      total_logins: row.totalLogins,
    },
  };
}
