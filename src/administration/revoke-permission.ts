import { AppError } from "../http/app-error.ts";
import { auditStatement } from "../identity/audit-repository.ts";
import { permissionNamed } from "../identity/permissions.ts";
import type { Principal } from "../identity/principal.ts";
import { revokeSessionsOf } from "../identity/session-repository.ts";
import { userEvent } from "../identity/user-traces.ts";
import { outboxStatement } from "../realtime/event-outbox.ts";
import type { AdministrationContext } from "./administration-context.ts";
import type { ChangedUser } from "./change-users.ts";
import { deleteGrant, hasGrant } from "./permission-repository.ts";
import { requireAdministeringUsers } from "./rights.ts";
import { userAction } from "./user-action.ts";
import { userBelow } from "./user-within.ts";

/**
 * Takes a permission from an account. Its sessions end, because the tokens that
 * are out still carry the permission.
 * @throws AppError `USER_NOT_FOUND`; `NOT_FOUND` when it was not granted; `INSUFFICIENT_PERMISSIONS`
 */
export async function revokePermission(
  { db, clock, device }: AdministrationContext,
  principal: Principal,
  userId: string,
  named: string,
): Promise<ChangedUser> {
  requireAdministeringUsers(principal);
  const permission = permissionNamed(named);
  const user = await userBelow(db, principal, userId);
  const now = clock.now();
  const entry = userAction(principal, device, "permission.revoked", user, { permission });
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
