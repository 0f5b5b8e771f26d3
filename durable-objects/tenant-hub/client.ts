import type { TenantHubApi } from "../../src/realtime/tenant-hub-api.ts";
import type { DurableObjectNamespaces } from "../environment.ts";

/** The WebSocket hub of a tenant. */
export const tenantHub = (
  env: Pick<DurableObjectNamespaces, "TENANT_HUB">,
  clientId: string,
): TenantHubApi & Pick<Fetcher, "fetch"> => env.TENANT_HUB.getByName(clientId);
