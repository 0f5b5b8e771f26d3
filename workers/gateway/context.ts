import type { Principal } from "../../src/identity/principal.ts";
import type { Logger } from "../../src/observability/logger.ts";
import type { TraceContext } from "../../src/observability/trace-context.ts";
import type { GatewayEnv } from "./env.ts";

/** Hono environment of the gateway: bindings and what the middleware puts into the context. */
export interface GatewayContext {
  Bindings: GatewayEnv;
  Variables: {
    requestId: string;
    trace: TraceContext;
    logger: Logger;
    /** Best known address of the caller, for limits and audit. */
    clientIp: string;
    /** Set behind `authenticate`. */
    principal: Principal;
  };
}
