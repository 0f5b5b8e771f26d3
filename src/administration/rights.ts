import { AppError } from "../http/app-error.ts";
import { assertPermission, hasPermission, hasRole, type Principal } from "../identity/principal.ts";

/** Throws `INSUFFICIENT_PERMISSIONS` unless the caller may look at other people's accounts. */
export function requireReadingUsers(principal: Principal): void {
  const may =
    hasRole(principal, "moderator") ||
    hasPermission(principal, "users.read") ||
    hasPermission(principal, "admin.users");
  if (!may)
    throw new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_permission: "users.read" } });
}

/** Throws `INSUFFICIENT_PERMISSIONS` unless the caller may administer other people's accounts. */
export const requireAdministeringUsers = (principal: Principal): void =>
  assertPermission(principal, "admin.users");
