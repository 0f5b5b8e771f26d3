import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import {
  type NewInteraction,
  newInteractionSchema,
  recordedInteractionsSchema,
  recordInteractionsSchema,
} from "./interaction-schemas.ts";
import { personAskedFor } from "./person-asked-for.ts";
import { errorAt, readEach } from "./read-each.ts";

/** How far a clock may be ahead, and how long ago something may have been. */
const [maxAheadMs, maxAgeMs] = [5 * 60_000, 400 * 86_400_000];

export const recordInteractions = operation({
  name: "recordInteractions",
  summary: "Tell what persons did with items",
  description:
    "Up to 500 at once. An `id` counts once for a person. Of whoever has not agreed to `history` it counts as nobody's. " +
    "What is told of an unknown item waits a day for it.",
  input: z.object({ body: recordInteractionsSchema }),
  output: recordedInteractionsSchema,
  refusals: ["INSUFFICIENT_PERMISSIONS"],
  run: async ({ objects, clock }, actor, { body }) => {
    const { read, errors } = readEach(body.interactions, newInteractionSchema);
    const now = clock.now();
    const isOfThen = ({ at }: NewInteraction) =>
      Date.parse(at) <= now + maxAheadMs && Date.parse(at) >= now - maxAgeMs;
    const inTime = read.filter(({ value }) => isOfThen(value));
    const untimely = read
      .filter(({ value }) => !isOfThen(value))
      .map(({ index, value }) => errorAt(index, value.id, "at: In the future, or more than 400 days ago"));
    const personalisation = await objects.personalisation(actor.clientId);
    const { duplicates, refused } = await personalisation.takeInteractions(
      inTime.map(({ value }) => ({
        id: value.id,
        personId: personAskedFor(actor, value.user_id),
        itemId: value.item_id,
        type: value.type,
        value: value.value ?? null,
        at: Date.parse(value.at),
        requestId: value.request_id ?? null,
      })),
    );
    const full = refused.flatMap((place) => {
      const one = inTime[place];
      return one
        ? [errorAt(one.index, one.value.id, "item_id: Too much waits for items that are not there")]
        : [];
    });
    return {
      accepted: inTime.length - duplicates.length - full.length,
      duplicates: duplicates.length,
      errors: [...errors, ...untimely, ...full].sort((one, other) => one.index - other.index),
    };
  },
});
