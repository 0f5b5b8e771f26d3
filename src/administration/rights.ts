import { AppError } from "../http/app-error.ts";
import { exercising, hasPermission, hasRole, inOwnTenant, type Principal } from "../identity/principal.ts";

/**
 * The caller as far as they may look at other people's accounts: in their own tenant, and beyond it only with the
 * right to administer them.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`
 */
export function requireReadingUsers(principal: Principal): Principal {
  if (hasPermission(principal, "admin.users")) return exercising(principal, "admin.users");
  if (hasRole(principal, "moderator") || hasPermission(principal, "users.read"))
    return inOwnTenant(principal);
  throw new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_permission: "users.read" } });
}

/**
 * The caller as far as they may administer other people's accounts.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`
 */
export const requireAdministeringUsers = (principal: Principal): Principal =>
  exercising(principal, "admin.users");
