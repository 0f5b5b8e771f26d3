import { auditStatement } from "../identity/audit-repository.ts";
import type { Principal } from "../identity/principal.ts";
import { hasLiveSessions, revokeSessionsOf } from "../identity/session-repository.ts";
import type { AdministrationContext } from "./administration-context.ts";
import type { ChangedUser } from "./change-users.ts";
import { requireAdministeringUsers } from "./rights.ts";
import { userAction } from "./user-action.ts";
import { userBelow } from "./user-within.ts";

/**
 * Ends every session of an account.
 * @throws AppError `USER_NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`
 */
export async function endUserSessions(
  { db, clock, device }: AdministrationContext,
  principal: Principal,
  userId: string,
  reason: string | undefined,
): Promise<ChangedUser> {
  requireAdministeringUsers(principal);
  const user = await userBelow(db, principal, userId);
  const now = clock.now();
  const entry = userAction(principal, device, "sessions.ended", user, reason === undefined ? {} : { reason });
  const [, ended] = await db.batch([
    auditStatement(db, entry, now, hasLiveSessions(userId)),
    revokeSessionsOf(db, userId, now),
  ]);
  return { user, ended: ended.map(({ id }) => id) };
}
