import { AppError } from "../http/app-error.ts";
import { hasPermission, hasRole, type Principal } from "../identity/principal.ts";
import type { UserRow } from "../identity/user-repository.ts";

/** Whether a role is more than what the caller has; `*` is as much as any but an administrator's. */
const outranks = ({ role }: Pick<UserRow, "role">, principal: Principal): boolean =>
  !hasRole(principal, role) && (role === "admin" || !hasPermission(principal, "*"));

/**
 * Whoever administers accounts by a permission does not reach those who may do what they may not: it would be a way
 * to become one of them.
 * @param permissions what was granted to the account
 * @throws AppError `INSUFFICIENT_PERMISSIONS`
 */
export function refuseAbove(
  principal: Principal,
  user: Pick<UserRow, "role">,
  permissions: readonly string[],
): void {
  if (outranks(user, principal))
    throw new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_role: user.role } });
  for (const permission of permissions) refuseGrantAbove(principal, permission);
}

/** Nobody hands on what they do not have. Throws `INSUFFICIENT_PERMISSIONS`. */
export function refuseGrantAbove(principal: Principal, permission: string): void {
  if (hasPermission(principal, permission)) return;
  throw new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_permission: permission } });
}
