import { AppError } from "../http/app-error.ts";
import { hasPermission, type Principal } from "../identity/principal.ts";
import type { UserRow } from "../identity/user-repository.ts";

/**
 * Whoever administers accounts by a permission does not reach administrators: it would be a way to become one.
 * Throws `INSUFFICIENT_PERMISSIONS`.
 */
export function refuseAbove(principal: Principal, user: Pick<UserRow, "role">): void {
  if (user.role !== "admin" || principal.role === "admin") return;
  throw new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_role: "admin" } });
}

/** Nobody hands on what they do not have. Throws `INSUFFICIENT_PERMISSIONS`. */
export function refuseGrantAbove(principal: Principal, permission: string): void {
  if (hasPermission(principal, permission)) return;
  throw new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_permission: permission } });
}
