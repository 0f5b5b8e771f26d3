import { z } from "zod";
import { socketAnswers, socketCommandSchema } from "#src/conversations/index.ts";
import { jsonSchema, type Message, type OtherSocket } from "#src/realtime/index.ts";
import { messageSchema, newMessageSchema, sentMessageSchema } from "../schemas.ts";

const timestamp = z.iso.datetime();
const id = z.string();
const seq = z.number().int();

const message = z.object({
  message: messageSchema,
  client_message_id: z.string().optional().describe("To its sender alone"),
});
const written = z.object({ message_id: id, attempt: seq, offset: seq, text: z.string() });
const ended = z.object({
  message_id: id,
  text_length: seq.describe("In UTF-16 units"),
  sha256: z.string(),
});
const turn = z.object({
  turn_id: id,
  message_id: id,
  run_id: z.string().nullable().describe("Null until its run has begun"),
  status: z.string(),
});
const changed = z.looseObject({}).describe("The fields that have changed");

/** Entries of the conversation's log, which have a number. */
const logged = {
  "conversation.created": z.looseObject({ conversation: z.looseObject({}) }),
  "conversation.updated": changed,
  "conversation.ended": changed,
  "conversation.erased": z.object({}),
  "message.created": message,
  "message.updated": message,
  "message.deleted": z.object({ message_id: id }),
  "message.reset": z.object({ message_id: id, attempt: seq }),
  "message.completed": ended.extend({ usage: z.looseObject({}).optional() }),
  "message.stopped": ended,
  "message.failed": ended.extend({ error: z.string().optional().describe("A code of the catalogue") }),
  "turn.started": turn.extend({ answers_to: id }),
  "turn.ended": turn.extend({
    first_delta_ms: z
      .number()
      .int()
      .optional()
      .describe("From its beginning to the first text, where that is known"),
  }),
  "receipt.changed": z.object({ person_id: id, delivered_seq: seq, read_seq: seq }),
  "holder.changed": z.looseObject({ holder: z.string(), epoch: seq }),
};

/** What passes by, and has none. */
const passing = {
  "message.snapshot": written,
  "message.delta": written,
  "typing.changed": z.object({ person_id: id, typing: z.boolean() }),
  "presence.changed": z.object({ person_id: id, state: z.enum(["online", "offline"]) }),
};

const eventMessage = (name: string, payload: z.ZodObject): Message => ({
  name: `conversation.${name}`,
  payload: jsonSchema(payload),
});

const told: Message[] = [
  ...Object.entries(logged).map(([event, data]) =>
    eventMessage(
      event,
      z.object({ type: z.literal("event"), event: z.literal(event), data, seq, timestamp }),
    ),
  ),
  ...Object.entries(passing).map(([event, data]) =>
    eventMessage(event, z.object({ type: z.literal("event"), event: z.literal(event), data, timestamp })),
  ),
  ...Object.entries({ ...socketAnswers, "message.send": sentMessageSchema }).map(([event, data]) =>
    eventMessage(
      `response.${event}`,
      z.object({
        type: z.literal("response"),
        event: z.literal(event),
        data,
        id: z.string().optional(),
        timestamp,
      }),
    ),
  ),
];

/** What is sent is read by the operation that REST has for it. */
const taken: Message[] = socketCommandSchema.options.map((schema) => {
  const event = schema.shape.event.value;
  const said = event === "message.send" ? schema.extend({ data: newMessageSchema }) : schema;
  return eventMessage(`command.${event}`, said);
});

/** The socket of a conversation, for the AsyncAPI document. */
export const conversationSocket: OtherSocket = {
  name: "conversation",
  address: "/api/v1/conversations/{conversation_id}/ws",
  title: "The WebSocket of a conversation",
  description:
    "`?since=` resumes after that entry of its log. `connection.*`, `history.gap` and errors are those of the tenant's.",
  parameters: { conversation_id: { description: "Which conversation" } },
  told,
  taken,
};
