import { z } from "zod";
import { roles } from "../identity/principal.ts";
import { matchesAny } from "./patterns.ts";
import type { PlatformEvent } from "./platform-event.ts";

/** Who is connected, as the gateway vouches for it. */
export const connectionSchema = z.object({
  clientId: z.string(),
  userId: z.string(),
  role: z.enum(roles),
  sessionId: z.string(),
  /** Epoch milliseconds at which the access token ends, and the connection with it. */
  expiresAt: z.number(),
  /** Events up to this number are not sent: they were before the connection, or are sent already. */
  seenSeq: z.number().int().nonnegative(),
  patterns: z.array(z.string()),
});

/** What a hibernating socket keeps; small enough for its attachment. */
export type Connection = z.infer<typeof connectionSchema>;

/** The gateway's word to the hub on who connects; no other request reaches the hub. */
export const connectionHeader = "x-connection";

/** Subscriptions of one connection. */
export const mostPatterns = 50;

/** A user sees what they own; administrators and moderators the whole tenant; `system.*` goes to all. */
const maySee = ({ userId, role }: Connection, { owner_user_id, event }: PlatformEvent): boolean =>
  owner_user_id === null || owner_user_id === userId || role !== "user" || event.startsWith("system.");

/** Whether an event is for this connection: allowed, subscribed, and new to it. */
export const wants = (connection: Connection, event: PlatformEvent): boolean =>
  event.seq > connection.seenSeq && maySee(connection, event) && matchesAny(connection.patterns, event.event);
