import { AppError } from "../http/app-error.ts";
import { auditStatement } from "../identity/audit-repository.ts";
import { permissionNamed } from "../identity/permissions.ts";
import type { Principal } from "../identity/principal.ts";
import { findUser, type UserRow } from "../identity/user-repository.ts";
import { userEvent } from "../identity/user-traces.ts";
import { outboxStatement } from "../realtime/event-outbox.ts";
import type { AdministrationContext } from "./administration-context.ts";
import { canBeGranted, findPermission, insertGrant } from "./permission-repository.ts";
import { refuseGrantAbove } from "./refuse-above.ts";
import { requireAdministeringUsers } from "./rights.ts";
import { userAction } from "./user-action.ts";
import { userBelow } from "./user-within.ts";

/**
 * Grants an account a permission; its tokens carry it from the next refresh on.
 * @throws AppError `USER_NOT_FOUND`; `NOT_FOUND` for an unknown permission; `CONFLICT` when it
 *   is granted already; `INSUFFICIENT_PERMISSIONS`
 */
export async function grantPermission(
  { db, clock, device }: AdministrationContext,
  principal: Principal,
  userId: string,
  named: string,
): Promise<UserRow> {
  requireAdministeringUsers(principal);
  const permission = permissionNamed(named);
  const [user, known] = await Promise.all([userBelow(db, principal, userId), findPermission(db, permission)]);
  if (!known) throw new AppError("NOT_FOUND", { message: "No such permission" });
  refuseGrantAbove(principal, permission);
  const now = clock.now();
  const entry = userAction(principal, device, "permission.granted", user, { permission });
  const event = userEvent(user, {
    event: "user.updated",
    data: { user_id: user.id, permission_granted: permission },
  });
  const isNew = canBeGranted(userId, permission);
  const [, , { meta }] = await db.batch([
    auditStatement(db, entry, now, isNew),
    outboxStatement(db, event, now, isNew),
    insertGrant(db, userId, permission, now),
  ]);
  if (meta.changes > 0) return user;
  if (!(await findUser(db, userId))) throw new AppError("USER_NOT_FOUND");
  throw new AppError("CONFLICT", { message: "The permission is granted already" });
}
