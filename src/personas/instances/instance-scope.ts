import { type Account, hasPermission, hasRole, requireRole, tenantWithin } from "#src/kernel/actor.ts";

/**
 * Which persona instances a caller reaches. Every repository method takes one,
 * so there is none that could forget the tenant; each is made here, from a
 * verified actor.
 */
export type InstanceScope = TenantScope | { reach: "platform" };

/** A scope within one tenant. */
export type TenantScope =
  | { reach: "own"; clientId: string; ownerUserId: string }
  | { reach: "tenant"; clientId: string };

export const ownInstances = ({ clientId, userId }: Account): TenantScope => ({
  reach: "own",
  clientId,
  ownerUserId: userId,
});

/** The caller's own instances; an administrator's whole tenant. */
export const reachableInstances = (actor: Account): TenantScope =>
  hasRole(actor, "admin") ? { reach: "tenant", clientId: actor.clientId } : ownInstances(actor);

/** Instances that the caller may delete: also other people's in the tenant, with the permission. */
export const deletableInstances = (actor: Account): TenantScope =>
  hasPermission(actor, "personas.delete")
    ? { reach: "tenant", clientId: actor.clientId }
    : ownInstances(actor);

/** Instances of a tenant that the caller's rights reach, for `/admin`. */
export function instancesOfTenant(actor: Account, clientId: string): InstanceScope {
  requireRole(actor, "admin");
  tenantWithin(actor, clientId);
  return { reach: "tenant", clientId };
}

/** All instances that the caller's rights reach, for `/admin`. */
export function instancesOfPlatform(actor: Account): InstanceScope {
  requireRole(actor, "admin");
  const clientId = tenantWithin(actor);
  return clientId === undefined ? { reach: "platform" } : { reach: "tenant", clientId };
}
