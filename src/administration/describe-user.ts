import type { z } from "@hono/zod-openapi";
import { isoTimeOrNull } from "../clock.ts";
import { AppError } from "../http/app-error.ts";
import { type Principal, requireRole } from "../identity/principal.ts";
import { findUser, permissionsOf } from "../identity/user-repository.ts";
import { accountAge } from "./account-age.ts";
import { countBelongings } from "./administered-user-repository.ts";
import type { AdministrationContext } from "./administration-context.ts";
import type { userDetailsSchema } from "./schemas.ts";
import { administeredUserView } from "./views.ts";

/**
 * An account with its permissions and what it has; for moderators too.
 * @throws AppError `USER_NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`
 */
export async function describeUser(
  { db, clock }: Pick<AdministrationContext, "db" | "clock">,
  principal: Principal,
  userId: string,
): Promise<z.infer<typeof userDetailsSchema>> {
  requireRole(principal, "moderator");
  const row = await findUser(db, userId);
  if (!row) throw new AppError("USER_NOT_FOUND");
  const [permissions, belongings] = await Promise.all([
    permissionsOf(db, userId),
    countBelongings(db, userId),
  ]);
  return {
    user: { ...administeredUserView(row), permissions },
    stats: {
      total_projects: belongings.projects,
      total_personas: belongings.personas,
      last_login_at: isoTimeOrNull(row.lastLoginAt),
      account_age: accountAge(row.createdAt, clock.now()),
      total_logins: row.totalLogins,
    },
  };
}
