import type { Context } from "hono";
import { tenantMemory, tenantWorkflows } from "#durable-objects/tenant-workflows/client.ts";
import type { ActingContext } from "#src/audit/acting-context.ts";
import { database } from "#src/db/client.ts";
import { systemClock } from "#src/kernel/clock.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { shardOf, shardsOf } from "#src/objects/shards.ts";
import type { TenantMemoryApi } from "#src/objects/tenant-memory-api.ts";
import type { TenantWorkflowsApi } from "#src/objects/tenant-workflows-api.ts";
import type { GatewayContext } from "./context.ts";
import type { GatewayEnv } from "./env.ts";

/** What the persona use cases need, from a request. */
export const personaContext = (c: Context<GatewayContext>): ActingContext => ({
  db: database(c.env.DB),
  clock: systemClock,
});

/** All workflow objects of a tenant: one, unless it is spread over several. */
export const allWorkflowsOf = (env: GatewayEnv, clientId: string): TenantWorkflowsApi[] =>
  Array.from({ length: shardsOf(settingsOf(env), clientId) }, (_, shard) =>
    tenantWorkflows(env, clientId, shard),
  );

/** The workflow object that holds the runs of an instance. */
export const workflowsOfInstance = (
  env: GatewayEnv,
  clientId: string,
  instanceId: string,
): TenantWorkflowsApi => tenantWorkflows(env, clientId, shardOf(settingsOf(env), clientId, instanceId));

/** The objects that hold a tenant's memories: those of its runs. */
export const allMemoriesOf = (env: GatewayEnv, clientId: string): TenantMemoryApi[] =>
  Array.from({ length: shardsOf(settingsOf(env), clientId) }, (_, shard) =>
    tenantMemory(env, clientId, shard),
  );
