import { z } from "zod";
import { metricDimensions, metricNames } from "#src/kernel/analytics-words.ts";

/** Something that counts, once, however often it is told: its `id` says which. Times in epoch milliseconds. */
export const countedEventSchema = z.object({
  id: z.string().min(1).max(200),
  at: z.number().int().nonnegative(),
  metric: z.enum(metricNames),
  /** What it is told by. */
  by: z.partialRecord(z.enum(metricDimensions), z.string().min(1).max(100)),
  /** How much: of durations milliseconds, of scores the score, else 1. */
  value: z.number().int(),
  /** Whose doing it is; kept only of who has agreed to that. */
  person: z.string().max(100).nullable(),
  /** The account that it is about, which says the tier; forgotten at once. */
  account: z.string().max(100).nullable(),
});
export type CountedEvent = z.infer<typeof countedEventSchema>;

/** Events that one message tells. */
export const maxTold = 250;

/** What travels on `platform-events` besides: events that count, of one tenant. */
export const countedMessageSchema = z.object({
  type: z.literal("events.counted"),
  client_id: z.string(),
  events: z.array(countedEventSchema).min(1).max(maxTold),
});
export type CountedMessage = z.infer<typeof countedMessageSchema>;
