import type { Context } from "hono";
import { tenantWorkflows } from "../../durable-objects/tenant-workflows/client.ts";
import { systemClock } from "../../src/clock.ts";
import { settingsOf } from "../../src/config.ts";
import { database } from "../../src/db/client.ts";
import type { PersonaContext } from "../../src/personas/create-template.ts";
import { shardsOf } from "../../src/workflows/shards.ts";
import type { TenantWorkflowsApi } from "../../src/workflows/tenant-workflows-api.ts";
import type { GatewayContext } from "./context.ts";
import type { GatewayEnv } from "./env.ts";
import { deviceOf } from "./identity-context.ts";

/** What the persona use cases need, from a request. */
export const personaContext = (c: Context<GatewayContext>): PersonaContext => ({
  db: database(c.env.DB),
  clock: systemClock,
  device: deviceOf(c),
});

/** All workflow objects of a tenant: one, unless it is spread over several. */
export const allWorkflowsOf = (env: GatewayEnv, clientId: string): TenantWorkflowsApi[] =>
  Array.from({ length: shardsOf(settingsOf(env), clientId) }, (_, shard) =>
    tenantWorkflows(env, clientId, shard),
  );
