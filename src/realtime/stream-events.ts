import { z } from "@hono/zod-openapi";
import { matchesAny } from "#client/patterns.ts";
import { followLog, type LogFrame, placeFrom, placeShape } from "#src/events/index.ts";
import { operation } from "#src/operation/operation.ts";
import { patternShape } from "./patterns.ts";
import { maySee } from "./visibility.ts";

const heartbeatMs = 15_000;
const maxPatterns = 50;

const place = z.string().regex(placeShape, "Not the place of an event");

export const streamEvents = operation({
  name: "streamEvents",
  summary: "What happens in the tenant, as it happens (server-sent events)",
  description:
    "What you may hear of, as over the WebSocket. Ids say which log an event is of and its number there " +
    "(`<epoch>.<seq>`); `Last-Event-ID`, or `since`, resumes after one, with `history.gap` first when events in between are " +
    "no longer kept. Without either it begins with what comes. A comment every 15 s keeps the connection.",
  input: z.object({
    query: z.strictObject({
      events: z
        .string()
        .max(5000)
        .transform((text) => text.split(","))
        .pipe(z.array(z.string().regex(patternShape, "Not a pattern")).min(1).max(maxPatterns))
        .default(["**"])
        .openapi({
          type: "string",
          description: `Patterns over names of events, at most ${maxPatterns}, with commas between`,
          example: "order.*,product.stock.low",
        }),
      entity_id: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .openapi({ description: "Only what is about this: a run, an order, a product" }),
      since: place.optional().openapi({ description: "The event to resume after", example: "17" }),
    }),
    headers: z.object({ "last-event-id": place.optional() }),
  }),
  /** Whoever hands it on ends it with the session. */
  output: z.custom<AsyncGenerator<LogFrame>>(),
  run: async ({ objects }, actor, { query: { events, entity_id: entityId, since }, headers }) => {
    const from = headers["last-event-id"] ?? since;
    return followLog(await objects.workflows(actor.clientId), {
      since: from === undefined ? undefined : placeFrom(from),
      entityId,
      quietMs: heartbeatMs,
      isWanted: (event) => matchesAny(events, event.event) && maySee(actor, event),
    });
  },
});
