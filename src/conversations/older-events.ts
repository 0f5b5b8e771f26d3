import { z } from "zod";
import { closeCodes, type Packet, packets } from "#src/realtime/index.ts";
import { messageTypeOf } from "./message-type.ts";

/** What an older client asks of a conversation: to hear it, or no longer, or what sockets say otherwise as a command. */
export type OlderWish =
  | { wants: "join" | "leave"; ack?: string }
  | { wants: "command"; frame: string }
  | { wants: "nothing"; why: string; ack?: string };

const named = z.union([
  z.string().transform((conversationId) => ({ conversationId })),
  z.looseObject({ conversationId: z.string().optional() }),
]);

/** A command's id says which event it came as, and how that is acknowledged. */
const idOf = (event: string, ack = "") => `${event}/${ack}`;

/**
 * What an event of an older client asks for.
 * @param conversationId the conversation that it has connected to; another one is none
 * @param newId what a message is called that its sender has no word for
 */
export function olderWish(
  { event, values: [first], ack }: Extract<Packet, { type: "event" }>,
  conversationId: string,
  newId: () => string,
): OlderWish {
  const { data } = named.safeParse(first);
  if (!data || (data.conversationId ?? conversationId) !== conversationId)
    return { wants: "nothing", why: "Connect to that conversation first", ack };
  const command = (name: string, said: object): OlderWish => ({
    wants: "command",
    frame: JSON.stringify({ type: "command", event: name, id: idOf(event, ack), data: said }),
  });
  const { conversationId: _, ...body }: Record<string, unknown> = data;
  switch (event) {
    case "join-conversation":
      return { wants: "join", ack };
    case "leave-conversation":
      return { wants: "leave", ack };
    case "typing":
      return command("typing", body);
    case "send-message": {
      const { clientMessageId = newId(), messageType: __, ...said } = body;
      return command("message.send", { client_message_id: clientMessageId, ...said });
    }
    default:
      return { wants: "nothing", why: `Unknown event: ${event}`, ack };
  }
}

const frameSchema = z.object({
  type: z.enum(["event", "response", "error"]),
  event: z.string(),
  data: z.looseObject({}),
  error: z.string().optional(),
  id: z.string().optional(),
});

const messageSchema = z.object({
  message: z.looseObject({
    id: z.string(),
    seq: z.number(),
    parent_id: z.string().nullable(),
    role: z.string(),
    sender_id: z.string(),
    content: z.string(),
    status: z.string(),
    attachments: z.array(z.looseObject({ type: z.string() })),
    created_at: z.string(),
  }),
  client_message_id: z.string().optional(),
});

/** What was told without its words, since it was still to be written. */
const unwritten = ["pending", "streaming"];

/** A message as older clients know it. */
function olderMessage(data: unknown, conversationId: string): Record<string, unknown> | undefined {
  const told = messageSchema.safeParse(data).data;
  if (!told || unwritten.includes(told.message.status)) return undefined;
  const { message, client_message_id: clientMessageId } = told;
  return {
    id: message.id,
    conversationId,
    senderId: message.sender_id,
    content: message.content,
    messageType: messageTypeOf(message),
    attachments: message.attachments,
    createdAt: message.created_at,
    seq: message.seq,
    parentId: message.parent_id,
    role: message.role,
    status: message.status,
    ...(clientMessageId === undefined ? {} : { clientMessageId }),
  };
}

/** A refusal, and the acknowledgement of whatever wants one: nobody is to wait for it without an end. */
export const refusedPackets = (told: { message: string; code: unknown }, ack = ""): string[] => [
  packets.event("error", told),
  ...(ack === "" ? [] : [packets.acknowledged(ack, { error: told })]),
];

/**
 * A frame as packets of an older client: none where there is no such event.
 * @param isJoined whether the client has joined the conversation
 */
export function olderPackets(text: string, conversationId: string, isJoined: boolean): string[] {
  const { type, event, data, error, id = "" } = frameSchema.parse(JSON.parse(text));
  const [, ack = ""] = id.split("/");
  if (type === "error") {
    return refusedPackets({ message: String(data.details ?? error), code: data.code ?? error }, ack);
  }
  if (type === "response") {
    if (event === "pong") return [packets.pong];
    const answer = event === "message.send" ? olderMessage(data, conversationId) : true;
    return ack === "" ? [] : [packets.acknowledged(ack, answer)];
  }
  switch (event) {
    case "connection.ping":
      return [packets.ping];
    case "connection.closed":
      return closedPackets(data);
    case "message.created": {
      const message = isJoined ? olderMessage(data, conversationId) : undefined;
      return message ? [packets.event("new-message", message)] : [];
    }
    case "typing.changed":
      return isJoined
        ? [packets.event("user-typing", { conversationId, userId: data.person_id, typing: data.typing })]
        : [];
    default:
      return [];
  }
}

/** Whoever may not come back is told so: a client that has only lost its connection tries again. */
function closedPackets({ code, reason }: Record<string, unknown>): string[] {
  const isForGood = code === closeCodes.sessionEnded || code === closeCodes.rightsLost;
  return [packets.event("error", { message: reason, code }), ...(isForGood ? [packets.disconnected] : [])];
}
