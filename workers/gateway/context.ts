import type { Context } from "hono";
import type { Actor } from "#src/kernel/actor.ts";
import type { Logger } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import type { Opening } from "#src/realtime/index.ts";
import type { GatewayEnv } from "./env.ts";

/** How a body comes in; also where it is not read, or read late. */
export type Arrival = "none" | "arriving" | "arrived" | "broken";

/** Hono environment of the gateway: bindings and what the middleware puts into the context. */
export interface GatewayContext {
  Bindings: GatewayEnv;
  Variables: {
    requestId: string;
    logger: Logger;
    /** How the request's body comes in. */
    arrival: Arrival;
    /** Best known address of the caller, for limits and audit. */
    clientIp: string;
    /** Everything that a use case reaches the world with. */
    platform: Platform;
    /** Who calls, once that is known. */
    actor?: Actor;
    /** The ticket that has let a WebSocket's caller in. */
    ticket?: Opening["ticket"];
  };
}

/** What each request needs is read by `c.get`: `c.var` copies all that there is, each time. */
export type GatewayRequest = Context<GatewayContext>;
