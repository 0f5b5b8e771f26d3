import type { UserRow } from "#src/identity/index.ts";
import { type Account, hasPermission, hasRole } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";

/** Whether a role is more than what the caller has; `*` is as much as any but an administrator's. */
const outranks = ({ role }: Pick<UserRow, "role">, actor: Account): boolean =>
  !hasRole(actor, role) && (role === "admin" || !hasPermission(actor, "*"));

/**
 * Whoever administers accounts by a permission does not reach those who may do what they may not: it would be a way
 * to become one of them.
 * @param permissions what was granted to the account
 * @throws AppError `INSUFFICIENT_PERMISSIONS`
 */
export function refuseAbove(
  actor: Account,
  user: Pick<UserRow, "role">,
  permissions: readonly string[],
): void {
  if (outranks(user, actor))
    throw new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_role: user.role } });
  for (const permission of permissions) refuseGrantAbove(actor, permission);
}

/** Nobody hands on what they do not have. Throws `INSUFFICIENT_PERMISSIONS`. */
export function refuseGrantAbove(actor: Account, permission: string): void {
  if (hasPermission(actor, permission)) return;
  throw new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_permission: permission } });
}
