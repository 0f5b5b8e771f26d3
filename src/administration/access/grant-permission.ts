import { auditStatement } from "#src/audit/audit-repository.ts";
import { outboxStatement } from "#src/events/event-outbox.ts";
import { findUser, type UserRow } from "#src/identity/accounts/user-repository.ts";
import { userEvent } from "#src/identity/accounts/user-traces.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { permissionNamed } from "#src/kernel/permissions.ts";
import type { AdministrationContext } from "../administration-context.ts";
import { userAction } from "../users/user-action.ts";
import { userBelow } from "../users/user-within.ts";
import { canBeGranted, findPermission, insertGrant } from "./permission-repository.ts";
import { refuseGrantAbove } from "./refuse-above.ts";
import { requireAdministeringUsers } from "./rights.ts";

/**
 * Grants an account a permission; its tokens carry it from the next refresh on.
 * @throws AppError `USER_NOT_FOUND`; `NOT_FOUND` for an unknown permission; `CONFLICT` when it
 *   is granted already; `INSUFFICIENT_PERMISSIONS`
 */
export async function grantPermission(
  { db, clock, device }: AdministrationContext,
  actor: Account,
  userId: string,
  named: string,
): Promise<UserRow> {
  requireAdministeringUsers(actor);
  const permission = permissionNamed(named);
  const [user, known] = await Promise.all([userBelow(db, actor, userId), findPermission(db, permission)]);
  if (!known) throw new AppError("NOT_FOUND", { message: "No such permission" });
  refuseGrantAbove(actor, permission);
  const now = clock.now();
  const entry = userAction(actor, device, "permission.granted", user, { permission });
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
