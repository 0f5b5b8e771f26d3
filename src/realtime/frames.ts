import { z } from "zod";
import type { PlatformEvent } from "#src/events/index.ts";
import type { ErrorCode } from "#src/kernel/error-catalogue.ts";
import type { EventNameOf, EventOf } from "#src/kernel/event-catalogue.ts";
import type { Answer } from "./answers.ts";
import { patternShape } from "./patterns.ts";
import { roomMessageSchema, roomSchema } from "./rooms.ts";

/** The longest that a client may say at once. */
export const maxFrameBytes = 64 * 1024;

const pattern = z.string().max(100).regex(patternShape, "Not an event pattern");
const patterns = z.array(pattern).min(1).max(50);
const entityId = z.string().regex(/^[\x21-\x7e]{1,100}$/, "Not the id of anything");
const id = z.string().max(128).optional();
/** What a client wants to hear, or no longer. */
const wanted = z.object({
  events: patterns,
  entity_id: entityId.optional().describe("Of this run, or other thing, alone"),
});

/** All at once, as the answer says it: whoever comes back is shown what they have missed of all of it. */
const wantedAnew = z
  .object({
    events: z.array(pattern).max(50).default([]),
    entity_id: entityId.optional().describe("Of this run, or other thing, alone"),
    watched: z
      .array(z.object({ entity_id: entityId, events: patterns }))
      .max(50)
      .default([])
      .describe("Beside `events`: of single things, as the answer has them"),
  })
  .refine(({ events, watched }) => events.length + watched.length > 0, "Nothing is subscribed to");

const ofRoom = <const Event extends string>(event: Event) =>
  z.object({
    type: z.literal("command"),
    event: z.literal(event),
    id,
    data: z.object({ room: roomSchema }),
  });

/** Commands of a client (docs/realtime.md#commands). */
export const commandSchema = z.discriminatedUnion("event", [
  z.object({
    type: z.literal("command"),
    event: z.literal("subscribe"),
    id,
    data: wantedAnew,
  }),
  z.object({
    type: z.literal("command"),
    event: z.literal("unsubscribe"),
    id,
    data: wanted,
  }),
  z.object({ type: z.literal("command"), event: z.literal("ping"), id }),
  /** The answer to `connection.ping`, with its id. */
  z.object({ type: z.literal("command"), event: z.literal("pong"), id: z.string().max(128) }),
  z.object({
    type: z.literal("command"),
    event: z.literal("history"),
    id,
    data: z.object({
      since: z.number().int().nonnegative(),
      limit: z.number().int().min(1).max(500).default(100),
    }),
  }),
  /** Asks for what is being written as it is: of one run, or of all that is watched. */
  z.object({
    type: z.literal("command"),
    event: z.literal("sync"),
    id,
    data: z.object({ run: z.string().max(100).optional() }).default({}),
  }),
  z.object({
    type: z.literal("command"),
    event: z.literal("join_room"),
    id,
    data: z.object({
      room: roomSchema,
      since: z
        .number()
        .int()
        .nonnegative()
        .optional()
        .describe("Of a conversation's room: the `log_seq` after which one has missed what happened"),
    }),
  }),
  ofRoom("leave_room"),
  /** Who is there. */
  ofRoom("presence"),
  z.object({
    type: z.literal("command"),
    event: z.literal("room_message"),
    id,
    data: z.object({ room: roomSchema, data: roomMessageSchema }),
  }),
  /** To everybody who is connected. */
  z.object({
    type: z.literal("command"),
    event: z.literal("tenant_message"),
    id,
    data: roomMessageSchema,
  }),
]);

export type Command = z.infer<typeof commandSchema>;

/** An event as a frame. */
export const eventFrame = ({ event, data, entity_id, timestamp, seq }: PlatformEvent): string =>
  JSON.stringify({ type: "event", event, data, entity_id, timestamp, seq });

const frame = (
  type: "event" | "response",
  { event, data }: Answer | ConnectionEvent,
  now: number,
  id?: string,
): string =>
  JSON.stringify({
    type,
    event,
    data,
    ...(id === undefined ? {} : { id }),
    timestamp: new Date(now).toISOString(),
  });

type ConnectionEvent = EventOf<
  EventNameOf<"connection" | "history" | "presence" | "room"> | "room_message" | "tenant_message"
>;

/** The answer to a command. */
export const responseFrame = (answer: Answer, now: number, commandId?: string): string =>
  frame("response", answer, now, commandId);

/** An event of the connection itself. */
export const connectionFrame = (told: ConnectionEvent, now: number): string => frame("event", told, now);

/** Asks the client whether it has what was sent before; it answers `pong` with the same id. */
export const questionFrame = (id: string, now: number): string =>
  frame("event", { event: "connection.ping", data: {} }, now, id);

/** What a refusal is of: the command and its id, if they could be read, and the code that REST has for it. */
interface Refused {
  command?: string;
  id?: string;
  code?: ErrorCode;
}

/** A refusal. */
export const errorFrame = (
  error: string,
  details: string,
  now: number,
  { command, id, code }: Refused = {},
): string => {
  const told: EventOf<"connection.error"> = { event: "connection.error", data: { details, command, code } };
  return JSON.stringify({
    type: "error",
    event: told.event,
    error,
    data: told.data,
    ...(id === undefined ? {} : { id }),
    timestamp: new Date(now).toISOString(),
  });
};
