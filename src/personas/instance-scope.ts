import { hasPermission, hasRole, type Principal, requireRole, tenantWithin } from "../identity/principal.ts";

/**
 * Which persona instances a caller reaches. Every repository method takes one,
 * so there is none that could forget the tenant; each is made here, from a
 * verified principal.
 */
export type InstanceScope = TenantScope | { reach: "platform" };

/** A scope within one tenant. */
export type TenantScope =
  | { reach: "own"; clientId: string; ownerUserId: string }
  | { reach: "tenant"; clientId: string };

export const ownInstances = ({ clientId, userId }: Principal): TenantScope => ({
  reach: "own",
  clientId,
  ownerUserId: userId,
});

/** The caller's own instances; an administrator's whole tenant. */
export const reachableInstances = (principal: Principal): TenantScope =>
  hasRole(principal, "admin") ? { reach: "tenant", clientId: principal.clientId } : ownInstances(principal);

/** Instances that the caller may delete: also other people's in the tenant, with the permission. */
export const deletableInstances = (principal: Principal): TenantScope =>
  hasPermission(principal, "personas.delete")
    ? { reach: "tenant", clientId: principal.clientId }
    : ownInstances(principal);

/** Instances of a tenant that the caller's rights reach, for `/admin`. */
export function instancesOfTenant(principal: Principal, clientId: string): InstanceScope {
  requireRole(principal, "admin");
  tenantWithin(principal, clientId);
  return { reach: "tenant", clientId };
}

/** All instances that the caller's rights reach, for `/admin`. */
export function instancesOfPlatform(principal: Principal): InstanceScope {
  requireRole(principal, "admin");
  const clientId = tenantWithin(principal);
  return clientId === undefined ? { reach: "platform" } : { reach: "tenant", clientId };
}
