import type { Context } from "hono";
import type { GatewayContext } from "./context.ts";

export { deviceOf } from "./device.ts";

// For routes that are no tables yet.
export const identityContext = (c: Context<GatewayContext>) => c.var.platform;
