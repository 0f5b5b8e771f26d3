import { z } from "zod";
import { platformEventSchema } from "#src/events/index.ts";

const inRoom = z.object({ room: z.string() });
const usersInRoom = inRoom.extend({
  users: z.array(z.string()).describe("Ids of those who are in it, at most 1 000"),
  count: z.number().int().describe("How many they are"),
});

const subscriptions = z.object({
  events: z.array(z.string()).describe("All patterns of the connection"),
  watched: z
    .array(z.object({ entity_id: z.string(), events: z.array(z.string()) }))
    .describe("Those that are for one thing alone"),
  unknown: z
    .array(z.string())
    .optional()
    .describe("Those of the command that fit no event there is, where there are any"),
});

/** Answers to commands: what each says. */
export const answers = {
  pong: z.object({}),
  subscribe: subscriptions,
  unsubscribe: subscriptions,
  sync: z.object({ seq: z.number().describe("Events up to this number have been shown") }),
  join_room: usersInRoom.extend({
    log_seq: z
      .number()
      .int()
      .optional()
      .describe("Of a conversation's room: the entry of its log behind which one hears it"),
  }),
  leave_room: inRoom,
  room_message: inRoom,
  presence: usersInRoom,
  tenant_message: z.object({}),
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
