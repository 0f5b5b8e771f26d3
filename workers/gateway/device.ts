import type { Context } from "hono";
import type { Device } from "#src/kernel/device.ts";
import type { GatewayContext } from "./context.ts";

/** The device that a request comes from. */
export const deviceOf = (c: Context<GatewayContext>): Device => ({
  ip: c.get("clientIp"),
  userAgent: c.req.header("user-agent") ?? "",
});
