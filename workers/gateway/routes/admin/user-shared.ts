import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { GatewayContext } from "../../context.ts";
import { deviceOf, identityContext } from "../../identity-context.ts";

export const userParams = z.object({ user_id: z.uuid() });

/** What every operation on users can refuse with. */
export const refusals = [
  "VALIDATION_ERROR",
  "UNAUTHORIZED",
  "TOKEN_INVALID",
  "INSUFFICIENT_PERMISSIONS",
] as const;

/** What the use cases of administration need, from a request. */
export const administrationContext = (c: Context<GatewayContext>) => ({
  ...identityContext(c),
  device: deviceOf(c),
});
