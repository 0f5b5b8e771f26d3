import { env, waitUntil } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { createLogger } from "#src/observability/logger.ts";
import { childOf, formatTraceparent } from "#src/observability/trace-context.ts";
import { type Platform, platformOf } from "#src/platform.ts";

/** The platform as the gateway puts it together, on the real local bindings; with other parts in the place of some. */
export const testPlatform = (overrides: Partial<Platform> = {}): Platform => ({
  ...platformOf(env, {
    requestId: uuidv7(),
    traceparent: formatTraceparent(childOf(undefined)),
    log: createLogger("test"),
    waitUntil,
  }),
  ...overrides,
});
