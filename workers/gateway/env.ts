import type { DurableObjectEnv } from "#durable-objects/environment.ts";
import type { QueueBindings } from "#src/tasks/queues.ts";

/** Bindings of the gateway (wrangler.toml at the root). Text settings are read by `settingsOf(env)`. */
export interface GatewayEnv extends DurableObjectEnv, QueueBindings {
  DB: D1Database;
  CACHE: KVNamespace;
  ASSETS: Fetcher;
}
