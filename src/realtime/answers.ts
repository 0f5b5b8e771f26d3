import { z } from "zod";
import { platformEventSchema } from "#src/events/index.ts";

const subscriptions = z.object({
  events: z.array(z.string()).describe("All patterns of the connection"),
  watched: z
    .array(z.object({ entity_id: z.string(), events: z.array(z.string()) }))
    .describe("Those that are for one thing alone"),
});

/** Answers to commands: what each says. */
export const answers = {
  pong: z.object({}),
  subscribe: subscriptions,
  unsubscribe: subscriptions,
  sync: z.object({ seq: z.number().describe("Events up to this number have been shown") }),
  history: z.object({
    events: z.array(platformEventSchema),
    oldest: z.number(),
    latest: z.number(),
    next: z.number().describe("The number after which the next page begins"),
  }),
};

/** An answer with what it says. */
export type Answer = {
  [Name in keyof typeof answers]: { event: Name; data: z.input<(typeof answers)[Name]> };
}[keyof typeof answers];
