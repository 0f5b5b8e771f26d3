import type { DurableObjectEnv } from "#durable-objects/environment.ts";
import type { UserImportMessage } from "#src/tasks/user-import-message.ts";

/** Bindings of the gateway (wrangler.toml at the root). Text settings are read by `settingsOf(env)`. */
export interface GatewayEnv extends DurableObjectEnv {
  DB: D1Database;
  CACHE: KVNamespace;
  ASSETS: Fetcher;
  USER_IMPORTS: Queue<UserImportMessage>;
}
