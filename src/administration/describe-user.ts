import type { z } from "@hono/zod-openapi";
import { isoTimeOrNull } from "../clock.ts";
import type { Principal } from "../identity/principal.ts";
import { profileFields } from "../identity/profile-view.ts";
import { findProfile, permissionsOf } from "../identity/user-repository.ts";
import { accountAge } from "./account-age.ts";
import { countBelongings } from "./administered-user-repository.ts";
import { auditReading, type ReadingContext } from "./audit-reading.ts";
import { requireReadingUsers } from "./rights.ts";
import type { userDetailsSchema } from "./schemas.ts";
import { userWithin } from "./user-within.ts";
import { administeredUserView } from "./views.ts";

/**
 * An account with its permissions and what it has; for moderators too.
 * @throws AppError `USER_NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`
 */
export async function describeUser(
  context: ReadingContext,
  principal: Principal,
  userId: string,
): Promise<z.infer<typeof userDetailsSchema>> {
  requireReadingUsers(principal);
  const { db, clock } = context;
  const row = await userWithin(db, principal, userId);
  await auditReading(context, principal, "user.read", { type: "user", id: userId });
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
