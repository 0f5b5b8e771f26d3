import type { Context } from "hono";
import { tenantWorkflows } from "#durable-objects/tenant-workflows/client.ts";
import { database } from "#src/db/client.ts";
import { deliverEvents, type EventDelivery } from "#src/events/event-outbox.ts";
import { createLogger } from "#src/observability/logger.ts";
import type { GatewayContext } from "./context.ts";
import type { GatewayEnv } from "./env.ts";

/** What delivering events out of D1's outbox needs. */
export const eventDelivery = (env: GatewayEnv, logger = createLogger("gateway")): EventDelivery => ({
  db: database(env.DB),
  logOf: (clientId) => tenantWorkflows(env, clientId),
  logger,
});

/** Delivers the tenant's waiting events while the answer is already on its way. */
export const deliverEventsLater = (c: Context<GatewayContext>, clientId: string): void =>
  c.executionCtx.waitUntil(deliverEvents(eventDelivery(c.env, c.var.logger), clientId));
