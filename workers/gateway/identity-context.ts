import type { Context } from "hono";
import type { Device } from "#src/kernel/device.ts";
import type { GatewayContext } from "./context.ts";

// For routes that are no tables yet.
export const identityContext = (c: Context<GatewayContext>) => c.var.platform;

export const deviceOf = (c: Context<GatewayContext>): Device => ({
  ip: c.var.clientIp,
  userAgent: c.req.header("user-agent") ?? "",
});
