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
  /** How far the caller's rights over others reach, where it has any (spec 01-identity, "Roles"). */
  scope: Scope;
}

/** Other people's things in one's own tenant, or in every tenant. */
export type Scope = "tenant" | "platform";

/**
 * The whole platform for those who administer in the operator's tenant; else the caller's own tenant. What is done
 * by a permission reaches as far as that one does: see `exercising`.
 */
export const scopeOf = (
  { role, clientId, permissions }: Pick<Principal, "role" | "clientId" | "permissions">,
  operatorClientId: string | undefined,
): Scope =>
  clientId === operatorClientId && (role === "admin" || permissions.some(isAdministrative))
    ? "platform"
    : "tenant";

const isAdministrative = (permission: string): boolean =>
  permission === "*" || permission.startsWith("admin.");

/** Whether the caller's rights over others reach into a tenant. */
export const reaches = ({ scope, clientId: own }: Principal, clientId: string): boolean =>
  scope === "platform" || clientId === own;

/**
 * The tenant that a list of other people's things is narrowed to: the one asked for, or the caller's own;
 * undefined for all tenants.
 * @throws AppError `INSUFFICIENT_PERMISSIONS` for a tenant that the caller's rights do not reach
 */
export function tenantWithin(principal: Principal, asked?: string): string | undefined {
  if (principal.scope === "platform") return asked;
  if (asked !== undefined && asked !== principal.clientId) throw outOfScope();
  return principal.clientId;
}

/** Throws `INSUFFICIENT_PERMISSIONS` unless the caller administers the platform. */
export function requirePlatform(principal: Principal): void {
  if (principal.scope !== "platform") throw outOfScope();
}

const outOfScope = () =>
  new AppError("INSUFFICIENT_PERMISSIONS", { message: "Only the operator's administrators may do this" });

/** An admin passes every role check; a moderator passes `moderator` and `user`. */
export const hasRole = (principal: Pick<Principal, "role">, role: Role): boolean =>
  roles.indexOf(principal.role) >= roles.indexOf(role);

/** `*` passes all permission checks, and so does the role admin. */
export const hasPermission = (
  principal: Pick<Principal, "role" | "permissions">,
  permission: string,
): boolean =>
  principal.role === "admin" ||
  principal.permissions.includes(permission) ||
  principal.permissions.includes("*");

/** Throws `INSUFFICIENT_PERMISSIONS` unless the caller has `role` or a higher one. */
export function requireRole(principal: Principal, role: Role): void {
  if (!hasRole(principal, role)) {
    throw new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_role: role } });
  }
}

/** The caller with rights over others in their own tenant only. */
export const inOwnTenant = (principal: Principal): Principal => ({ ...principal, scope: "tenant" });

/**
 * The caller as far as a permission carries them: beyond the tenant only an administrative one does, whatever
 * others are held beside it.
 * @throws AppError `INSUFFICIENT_PERMISSIONS` unless the caller was granted it
 */
export function exercising(principal: Principal, permission: string): Principal {
  assertPermission(principal, permission);
  return isAdministrative(permission) || hasPermission(principal, "*") ? principal : inOwnTenant(principal);
}

/** Throws `INSUFFICIENT_PERMISSIONS` unless the caller was granted `permission`. */
export function assertPermission(principal: Principal, permission: string): void {
  if (!hasPermission(principal, permission)) {
    throw new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_permission: permission } });
  }
}
