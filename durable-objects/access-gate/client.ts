import type { AccessGateApi } from "../../src/identity/access-gate-api.ts";
import type { DurableObjectNamespaces } from "../environment.ts";

/** The access gate of a tenant. */
export const accessGate = (
  env: Pick<DurableObjectNamespaces, "ACCESS_GATE">,
  clientId: string,
): AccessGateApi => env.ACCESS_GATE.getByName(clientId);
