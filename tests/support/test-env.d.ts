import type { D1Migration } from "cloudflare:test";
import type { DeadLetterBindings } from "#src/tasks/dead-letter-queues.ts";
import type { GatewayEnv } from "#workers/gateway/env.ts";

declare global {
  namespace Cloudflare {
    /** As the gateway has it, and what the events Worker binds besides. */
    interface Env extends GatewayEnv, DeadLetterBindings<"events"> {
      TEST_MIGRATIONS: D1Migration[];
      COMMERCE_MIGRATIONS: D1Migration[];
      /** An empty database beside the platform's. */
      OTHER_DB: D1Database;
    }
    interface GlobalProps {
      mainModule: typeof import("./worker-under-test.ts");
    }
  }
}
