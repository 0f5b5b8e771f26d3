import type { Context } from "hono";
import { preferredLanguage } from "#src/http/preferred-language.ts";
import type { Device } from "#src/kernel/device.ts";
import type { GatewayContext } from "./context.ts";

/** What the network says where it does not know, and of who hides it. */
const nowhere = ["XX", "T1"];

/** By Global Privacy Control, or by what came before it. */
const asksNotToBeFollowed = (c: Context<GatewayContext>): boolean =>
  c.req.header("sec-gpc") === "1" || c.req.header("dnt") === "1";

/** The device that a request comes from. */
export function deviceOf(c: Context<GatewayContext>): Device {
  const country = c.req.raw.cf?.country;
  const language = preferredLanguage(c.req.header("accept-language"));
  return {
    ip: c.get("clientIp"),
    userAgent: c.req.header("user-agent") ?? "",
    ...(typeof country === "string" &&
      /^[A-Z]{2}$/.test(country) &&
      !nowhere.includes(country) && { country }),
    ...(language !== undefined && { language }),
    ...(asksNotToBeFollowed(c) && { optsOut: true }),
  };
}
