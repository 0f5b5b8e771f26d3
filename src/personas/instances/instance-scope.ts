import { type Account, tenantWithin } from "#src/kernel/actor.ts";

/**
 * Which persona instances somebody looks at: their own, their tenant's or every tenant's, as `scope` says. Every
 * repository method takes it, so there is none that could forget the tenant; an actor says it of themselves, as far as
 * a policy has let them through.
 */
export type InstanceScope = Pick<Account, "scope" | "clientId" | "userId">;

/**
 * The instances of one tenant.
 * @throws AppError `INSUFFICIENT_PERMISSIONS` for a tenant that the caller's rights do not reach
 */
export function instancesOfTenant(actor: Account, clientId: string): InstanceScope {
  tenantWithin(actor, clientId);
  return { scope: "tenant", clientId, userId: actor.userId };
}
