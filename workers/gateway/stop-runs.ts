import type { Context } from "hono";
import { stopRunsLater as later, stopRunsOf as stop } from "#src/identity/accounts/stop-runs.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { objectsOf } from "#src/objects/objects.ts";
import type { Logger } from "#src/observability/logger.ts";
import type { GatewayContext } from "./context.ts";
import type { GatewayEnv } from "./env.ts";

// For routes that are no tables yet.
export const stopRunsOf = (env: GatewayEnv, user: { id: string; clientId: string }, log: Logger) =>
  stop({ objects: objectsOf(env, settingsOf(env)), log }, user);

export const stopRunsLater = (c: Context<GatewayContext>): void => later(c.var.platform);
