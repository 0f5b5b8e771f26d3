import { z } from "zod";
import { personKinds } from "#src/kernel/chat-words.ts";
import { callerSchema, noOutflow, outflowSchema } from "#src/realtime/index.ts";

/** How a socket speaks: as this platform's do, or as clients of Socket.IO. */
export const dialects = ["own", "socket.io"] as const;

/** Whoever asks to hear a conversation, as the gateway vouches for them. */
export const listeningSchema = z.object({
  personId: z.string(),
  /** Whether it is an account's, or a visitor's of a page. */
  kind: z.enum(personKinds).default("user"),
  /** In what quality they hear it: whoever is of the staff hears its notes as well. */
  as: z.enum(["owner", "staff"]).default("owner"),
  /** The number of the last entry of its log that they know; left out, they hear what comes. */
  since: z.number().int().nonnegative().optional(),
  /** Who has opened it, where the socket is their own; left out, it is the gateway's, which tells them in a stream. */
  caller: callerSchema.optional(),
  dialect: z.enum(dialects).default("own"),
});
export type Listening = z.input<typeof listeningSchema>;

/** What a hibernating socket keeps. */
export const listenerSchema = listeningSchema.omit({ since: true }).extend({
  /** Entries of the log up to this number have been told. */
  seen: z.number().int().nonnegative(),
  /** How far the text of an answer has been told: of which turn and attempt, in UTF-16 units. */
  shown: z
    .object({ turnId: z.string(), attempt: z.number().int(), offset: z.number().int().nonnegative() })
    .optional(),
  /** Notes of the staff up to this number have been told; only to who hears it as staff. */
  noted: z.number().int().nonnegative().optional(),
  /** Whether a client of Socket.IO has joined: before that it hears nothing. */
  joined: z.boolean().default(false),
  outflow: outflowSchema.default(noOutflow),
});
export type Listener = z.infer<typeof listenerSchema>;

/** What a socket says: only that it has taken what it was sent before a question. */
export const takenSchema = z.object({
  type: z.literal("command"),
  event: z.literal("pong"),
  id: z.string().max(128),
});

const frame = { type: z.literal("event"), timestamp: z.string() };

/**
 * What is told of a conversation: first where its log stands; then entries of the log, each with its number, and text
 * that is being written, which has none; in between the question whether all has been taken.
 */
export const conversationFrameSchema = z.union([
  z.object({
    ...frame,
    event: z.literal("connection.established"),
    data: z.object({ seq: z.number().int().nonnegative() }),
  }),
  z.object({ ...frame, event: z.literal("connection.ping"), id: z.string() }),
  z.object({
    ...frame,
    event: z.templateLiteral([
      z.enum(["conversation", "message", "turn", "receipt", "holder", "history", "typing", "presence"]),
      ".",
      z.string(),
    ]),
    data: z.record(z.string(), z.unknown()),
    seq: z.number().int().positive().optional(),
  }),
]);
export type ConversationFrame = z.infer<typeof conversationFrameSchema>;
