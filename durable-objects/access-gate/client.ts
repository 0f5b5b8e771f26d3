import type { DurableObjectNamespaces } from "#durable-objects/environment.ts";
import type { AccessGateApi } from "#src/objects/access-gate-api.ts";

/** The access gate of a tenant. */
export const accessGate = (
  env: Pick<DurableObjectNamespaces, "ACCESS_GATE">,
  clientId: string,
): AccessGateApi => env.ACCESS_GATE.getByName(clientId);
