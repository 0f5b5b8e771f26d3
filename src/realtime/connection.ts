import { z } from "zod";
import type { PlatformEvent } from "#src/events/index.ts";
import { roles } from "#src/kernel/actor.ts";
import { noOutflow, outflowSchema } from "./outflow.ts";
import { matchesAny } from "./patterns.ts";
import { maySee } from "./visibility.ts";

/** Who connects, as the gateway vouches for it. */
export const callerSchema = z.object({
  clientId: z.string(),
  userId: z.string(),
  role: z.enum(roles),
  sessionId: z.string(),
  /** Epoch milliseconds at which the access token ends, and the connection with it. */
  expiresAt: z.number(),
});

export type Caller = z.infer<typeof callerSchema>;

/** What a hibernating socket keeps; small enough for its attachment. */
export const connectionSchema = callerSchema.extend({
  /** Events up to this number are not sent: they were before the connection, or are sent already. */
  seenSeq: z.number().int().nonnegative(),
  patterns: z.array(z.string()),
  outflow: outflowSchema.default(noOutflow),
});

export type Connection = z.infer<typeof connectionSchema>;

/** A socket that asks to be opened. */
export const openingSchema = z.object({
  caller: callerSchema,
  /** The number after which what was missed is shown. */
  since: z.number().int().nonnegative().optional(),
  /** The ticket that stands for the access token, which is good for one connection. */
  ticket: z.object({ id: z.string(), expiresAt: z.number() }).optional(),
});

export type Opening = z.infer<typeof openingSchema>;

/** The gateway's word to the hub on who connects; no other request reaches the hub. */
export const openingHeader = "x-opening";

/** Subscriptions of one connection. */
export const maxPatterns = 50;

/** Sockets that are open at once. */
export const maxSockets = { ofUser: 20, ofTenant: 5000 } as const;

/** Codes with which the hub closes a connection. */
export const closeCodes = {
  policy: 1008,
  tooBig: 1009,
  failure: 1011,
  tooSlow: 1013,
  sessionEnded: 4001,
  rightsLost: 4003,
} as const;

/** Whether an event is for this connection: allowed, subscribed, and new to it. */
export const wants = (connection: Connection, event: PlatformEvent): boolean =>
  event.seq > connection.seenSeq && maySee(connection, event) && matchesAny(connection.patterns, event.event);
