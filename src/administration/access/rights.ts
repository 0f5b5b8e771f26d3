import { type Account, exercising, hasPermission, hasRole, inOwnTenant } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";

/**
 * The caller as far as they may look at other people's accounts: in their own tenant, and beyond it only with the
 * right to administer them.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`
 */
export function requireReadingUsers<A extends Account>(actor: A): A {
  if (hasPermission(actor, "admin.users")) return exercising(actor, "admin.users");
  if (hasRole(actor, "moderator") || hasPermission(actor, "users.read")) return inOwnTenant(actor);
  throw new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_permission: "users.read" } });
}

/**
 * The caller as far as they may administer other people's accounts.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`
 */
export const requireAdministeringUsers = <A extends Account>(actor: A): A => exercising(actor, "admin.users");
