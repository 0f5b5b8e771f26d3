import { z } from "@hono/zod-openapi";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { callerOf } from "#src/realtime/index.ts";
import { assertSession } from "./assert-session.ts";
import { signTicket, ticketSeconds } from "./ticket.ts";

const ticketSchema = z
  .object({
    ticket: z.string().openapi({ description: "To be sent as `?ticket=…`, once" }),
    expires_in: z.number().int().openapi({ description: "Seconds that it is good", example: ticketSeconds }),
  })
  .openapi("WebSocketTicket");

export const createWebSocketTicket = sessionOperation({
  name: "createWebSocketTicket",
  summary: "A ticket that opens one WebSocket",
  description:
    "For clients that can send no header: good once, for 30 s, with the session and from the origin that asked for it.",
  input: z.object({
    /** The page that asks; null for what is no page. */
    body: z.object({ origin: z.string().nullable() }),
  }),
  output: ticketSchema,
  refusals: ["TOKEN_EXPIRED", "INSUFFICIENT_PERMISSIONS", "UPSTREAM_UNAVAILABLE"],
  run: async ({ db, clock, settings }, actor, { body: { origin } }) => {
    await assertSession(db, actor);
    const ticket = await signTicket({ caller: callerOf(actor), origin }, keyRingOf(settings), clock.now());
    return { ticket, expires_in: ticketSeconds };
  },
});
