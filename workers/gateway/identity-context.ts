import type { Context } from "hono";
import { database } from "#src/db/client.ts";
import type { IdentityContext } from "#src/identity/sessions/issue-tokens.ts";
import { systemClock } from "#src/kernel/clock.ts";
import { settingsOf } from "#src/kernel/config.ts";
import type { Device } from "#src/kernel/device.ts";
import type { GatewayContext } from "./context.ts";

/** What the identity use cases need, from a request. */
export const identityContext = (c: Context<GatewayContext>): IdentityContext => ({
  db: database(c.env.DB),
  clock: systemClock,
  settings: settingsOf(c.env),
});

export const deviceOf = (c: Context<GatewayContext>): Device => ({
  ip: c.var.clientIp,
  userAgent: c.req.header("user-agent") ?? "",
});
