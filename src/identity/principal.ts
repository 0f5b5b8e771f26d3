import { AppError } from "../http/app-error.ts";

export const roles = ["user", "moderator", "admin"] as const;
export type Role = (typeof roles)[number];

/** Subscription tiers from lowest to highest. */
export const tiers = ["free", "basic", "premium", "enterprise"] as const;
export type Tier = (typeof tiers)[number];

/**
 * The caller, as vouched for by a verified access token. Made by the
 * authentication middleware and passed down as an argument; every repository
 * method that touches tenant data takes it or its `clientId`.
 */
export interface Principal {
  userId: string;
  email: string;
  clientId: string;
  role: Role;
  tier: Tier;
  permissions: readonly string[];
  sessionId: string;
}

/** An admin passes every role check; a moderator passes `moderator` and `user`. */
export const hasRole = (principal: Principal, role: Role): boolean =>
  roles.indexOf(principal.role) >= roles.indexOf(role);

/** `*` passes all permission checks, and so does the role admin. */
const hasPermission = (principal: Principal, permission: string): boolean =>
  principal.role === "admin" ||
  principal.permissions.includes(permission) ||
  principal.permissions.includes("*");

/** Throws `INSUFFICIENT_PERMISSIONS` unless the caller has `role` or a higher one. */
export function requireRole(principal: Principal, role: Role): void {
  if (!hasRole(principal, role)) {
    throw new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_role: role } });
  }
}

/** Throws `INSUFFICIENT_PERMISSIONS` unless the caller was granted `permission`. */
export function assertPermission(principal: Principal, permission: string): void {
  if (!hasPermission(principal, permission)) {
    throw new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_permission: permission } });
  }
}

/** Throws `INSUFFICIENT_PERMISSIONS`, naming both tiers, unless the caller's is `tier` or a higher one. */
export function assertTier(principal: Principal, tier: Tier): void {
  if (tiers.indexOf(principal.tier) < tiers.indexOf(tier)) {
    throw new AppError("INSUFFICIENT_PERMISSIONS", {
      message: "Your tier does not include this",
      details: { current_tier: principal.tier, required_tier: tier },
    });
  }
}
