import { z } from "@hono/zod-openapi";
import { type EventFeed, placeFrom, placeShape, placeText, resumeAt } from "#src/events/index.ts";

const placeSchema = z.string().regex(placeShape, "Not the id of an event");

/** How a run's events are asked for. */
export const runEventsQuery = z.strictObject({
  format: z
    .literal("json")
    .optional()
    .openapi({ description: "Given, the answer is a page of what is kept; else they come as they happen" }),
  after: placeSchema
    .optional()
    .openapi({ description: "Id of the last event that is known; `Last-Event-ID` says the same" }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(100)
    .openapi({ description: "Events of a page; a page also ends at 248 KiB" }),
});

export const lastEventId = placeSchema.optional();

/** Where whoever comes back has been; 0 is the beginning, as it is for who says nothing. */
export const placeOf = (id: string | undefined) =>
  id === undefined || id === "0" ? undefined : placeFrom(id);

const place = z
  .string()
  .openapi({ description: "Which log it is of, and its number there: `<epoch>.<seq>`" });

export const runEventPageSchema = z
  .object({
    events: z.array(
      z
        .object({
          id: place,
          event: z.string().openapi({ description: "What has happened", example: "execution.started" }),
          timestamp: z.iso.datetime(),
          data: z.record(z.string(), z.unknown()).openapi({ description: "What the event says" }),
        })
        .openapi("RunLogEvent"),
    ),
    count: z.number().int(),
    after: place.openapi({
      description: "Where the next page begins, as `after`: a page without events has no more, so far",
    }),
    gap: z
      .union([
        z.object({
          since: z.number().int().openapi({ description: "The last that was known" }),
          oldest: z.number().int().openapi({ description: "The oldest that is kept" }),
          latest: z.number().int().openapi({ description: "The latest there is" }),
        }),
        z.null(),
      ])
      .openapi({ description: "Numbers between which events are no longer kept; null without such" }),
  })
  .openapi("RunEventPage");
export type RunEventPage = z.infer<typeof runEventPageSchema>;

/** A page of a run's events behind a place, of those that the log still has. */
export async function pageOfEvents(
  tenant: Pick<EventFeed, "readEvents">,
  { runId, after: known, limit }: { runId: string; after: string | undefined; limit: number },
): Promise<RunEventPage> {
  const since = placeOf(known);
  const read = (seq: number) => tenant.readEvents({ since: seq, entityId: runId, limit });
  const asked = await read(since?.seq ?? 0);
  const { after, gap } = resumeAt(since ?? { seq: asked.oldest }, asked);
  // Behind a gap what is kept is told, also where it has the numbers of another log.
  const { events, ...extent } = gap ? await read(after) : asked;
  const idOf = (seq: number) => placeText({ epoch: extent.epoch, seq });
  return {
    events: events.map(({ seq, event, timestamp, data }) => ({ id: idOf(seq), event, timestamp, data })),
    count: events.length,
    after: idOf(events.at(-1)?.seq ?? (since ? after : 0)),
    gap: gap ?? null,
  };
}
