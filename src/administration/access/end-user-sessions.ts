import { auditStatement } from "#src/audit/audit-repository.ts";
import { hasLiveSessions, revokeSessionsOf } from "#src/identity/sessions/session-repository.ts";
import type { Account } from "#src/kernel/actor.ts";
import type { AdministrationContext } from "../administration-context.ts";
import type { ChangedUser } from "../users/change-users.ts";
import { userAction } from "../users/user-action.ts";
import { userBelow } from "../users/user-within.ts";
import { requireAdministeringUsers } from "./rights.ts";

/**
 * Ends every session of an account.
 * @throws AppError `USER_NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`
 */
export async function endUserSessions(
  { db, clock, device }: AdministrationContext,
  actor: Account,
  userId: string,
  reason: string | undefined,
): Promise<ChangedUser> {
  requireAdministeringUsers(actor);
  const user = await userBelow(db, actor, userId);
  const now = clock.now();
  const entry = userAction(actor, device, "sessions.ended", user, reason === undefined ? {} : { reason });
  const [, ended] = await db.batch([
    auditStatement(db, entry, now, hasLiveSessions(userId)),
    revokeSessionsOf(db, userId, now),
  ]);
  return { user, ended: ended.map(({ id }) => id) };
}
