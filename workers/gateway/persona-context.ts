import type { Context } from "hono";
import type { ActingContext } from "#src/audit/acting-context.ts";
import { database } from "#src/db/client.ts";
import { systemClock } from "#src/kernel/clock.ts";
import type { GatewayContext } from "./context.ts";

/** What the persona use cases need, from a request. */
export const personaContext = (c: Context<GatewayContext>): ActingContext => ({
  db: database(c.env.DB),
  clock: systemClock,
});
