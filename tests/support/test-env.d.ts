import type { D1Migration } from "cloudflare:test";
import type { GatewayEnv } from "../../workers/gateway/env.ts";

declare global {
  namespace Cloudflare {
    interface Env extends GatewayEnv {
      TEST_MIGRATIONS: D1Migration[];
    }
    interface GlobalProps {
      mainModule: typeof import("../../workers/gateway/index.ts");
    }
  }
}
