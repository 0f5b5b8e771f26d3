import type { D1Migration } from "cloudflare:test";
import type { GatewayEnv } from "#workers/gateway/env.ts";

declare global {
  namespace Cloudflare {
    interface Env extends GatewayEnv {
      TEST_MIGRATIONS: D1Migration[];
      /** An empty database beside the platform's. */
      OTHER_DB: D1Database;
    }
    interface GlobalProps {
      mainModule: typeof import("#workers/gateway/index.ts");
    }
  }
}
