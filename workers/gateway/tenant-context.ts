import { accessGate } from "#durable-objects/access-gate/client.ts";
import { tenantHub } from "#durable-objects/tenant-hub/client.ts";
import { database } from "#src/db/client.ts";
import { systemClock } from "#src/kernel/clock.ts";
import { forgetLease } from "#src/objects/access-lease.ts";
import type { TenantContext } from "#src/tenants/update-client.ts";
import type { GatewayEnv } from "./env.ts";
import { allWorkflowsOf } from "./persona-context.ts";

/** What the use cases about tenants need. */
export const tenantContext = (env: GatewayEnv): TenantContext => ({
  db: database(env.DB),
  clock: systemClock,
  gateOf: (clientId) => ({
    setTenantActive: async (active) => {
      await accessGate(env, clientId).setTenantActive(active);
      forgetLease(clientId);
      if (!active) await tenantHub(env, clientId).endAll();
    },
  }),
  workflowsOf: (clientId) => allWorkflowsOf(env, clientId),
});
