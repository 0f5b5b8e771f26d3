import type { DurableObjectNamespaces } from "#durable-objects/environment.ts";
import type { TenantHubApi } from "#src/objects/tenant-hub-api.ts";

/** The WebSocket hub of a tenant. */
export const tenantHub = (
  env: Pick<DurableObjectNamespaces, "TENANT_HUB">,
  clientId: string,
): TenantHubApi & Pick<Fetcher, "fetch"> => env.TENANT_HUB.getByName(clientId);
