import { auditStatement } from "#src/audit/audit-repository.ts";
import { outboxStatement } from "#src/events/event-outbox.ts";
import { userEvent } from "#src/identity/accounts/user-traces.ts";
import { revokeSessionsOf } from "#src/identity/sessions/session-repository.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { permissionNamed } from "#src/kernel/permissions.ts";
import type { AdministrationContext } from "../administration-context.ts";
import type { ChangedUser } from "../users/change-users.ts";
import { userAction } from "../users/user-action.ts";
import { userBelow } from "../users/user-within.ts";
import { deleteGrant, hasGrant } from "./permission-repository.ts";
import { requireAdministeringUsers } from "./rights.ts";

/**
 * Takes a permission from an account. Its sessions end, because the tokens that
 * are out still carry the permission.
 * @throws AppError `USER_NOT_FOUND`; `NOT_FOUND` when it was not granted; `INSUFFICIENT_PERMISSIONS`
 */
export async function revokePermission(
  { db, clock, device }: AdministrationContext,
  actor: Account,
  userId: string,
  named: string,
): Promise<ChangedUser> {
  requireAdministeringUsers(actor);
  const permission = permissionNamed(named);
  const user = await userBelow(db, actor, userId);
  const now = clock.now();
  const entry = userAction(actor, device, "permission.revoked", user, { permission });
  const event = userEvent(user, {
    event: "user.updated",
    data: { user_id: user.id, permission_revoked: permission },
  });
  const isGranted = hasGrant(userId, permission);
  const [, , ended, { meta }] = await db.batch([
    auditStatement(db, entry, now, isGranted),
    outboxStatement(db, event, now, isGranted),
    revokeSessionsOf(db, userId, now, undefined, isGranted),
    deleteGrant(db, userId, permission),
  ]);
  if (meta.changes === 0) throw new AppError("NOT_FOUND", { message: "The permission is not granted" });
  return { user, ended: ended.map(({ id }) => id) };
}
