import type { Context } from "hono";
import { tenantWorkflowsOfRun } from "#durable-objects/tenant-workflows/client.ts";
import type { GatewayContext } from "./context.ts";
import { personaContext } from "./persona-context.ts";

/** What the use cases about runs of all tenants need, from a request. */
export const runAdministration = (c: Context<GatewayContext>) => ({
  ...personaContext(c),
  workflowsOfRun: (clientId: string, id: string) => tenantWorkflowsOfRun(c.env, clientId, id),
});
