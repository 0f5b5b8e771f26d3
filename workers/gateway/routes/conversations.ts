import { z } from "@hono/zod-openapi";
import {
  activateBranch,
  answerEvents,
  compactConversation,
  connectConversation,
  createConversation,
  deleteConversation,
  deleteMessage,
  deleteOwnMemory,
  editMessage,
  type FollowedFrame,
  getConversation,
  getMessage,
  listConversations,
  listMessages,
  listOwnMemories,
  putReceipts,
  rateConversation,
  rateMessage,
  regenerateMessage,
  requestHandover,
  searchConversations,
  sendMessage,
  sentMessageSchema,
  stopTurn,
  streamConversation,
  updateConversation,
} from "#src/chat/index.ts";
import { jsonResponse } from "#src/http/openapi.ts";
import { isTalker } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Performed } from "#src/operation/operation.ts";
import type { GatewayRequest } from "../context.ts";
import { callerOrVisitorOfSocket } from "../middleware/authenticate-socket.ts";
import { json } from "../rest/answer.ts";
import { eventStream, heartbeat } from "../rest/event-stream.ts";
import { socketOffer } from "../rest/socket-offer.ts";
import { del, get, patch, post, put, restRouter } from "../rest/table.ts";

/** What happens in a conversation as server-sent events. */
export const conversationStream = (c: GatewayRequest, frames: AsyncIterator<FollowedFrame>): Response =>
  eventStream(c, frames, (stream, frame) =>
    frame.type === "quiet"
      ? heartbeat(stream, frame.id ?? "")
      : stream.writeSSE({
          event: frame.event,
          data: frame.data,
          ...(frame.id === undefined ? {} : { id: String(frame.id) }),
        }),
  );

type Sent = z.infer<typeof sentMessageSchema>;

/**
 * 201 with the address of what was written; 200 where nothing new was.
 * @param addressOf where it can be read, by the conversation's id
 */
const writtenAnswer =
  (addressOf: (conversationId: string, sent: Sent) => string) =>
  (c: GatewayRequest, { output }: Performed<Sent>): Response => {
    if (!output.created) return json(c, output, 200);
    const answer = json(c, output, 201);
    answer.headers.set("Location", addressOf(c.req.param("conversation_id") ?? "", output));
    return answer;
  };

/** What was written, and its answer as it comes. */
function streamedAnswer(c: GatewayRequest, sent: z.infer<typeof sentMessageSchema>): Response {
  const [platform, actor] = [c.get("platform"), c.get("actor")];
  if (!actor || !isTalker(actor)) throw new AppError("UNAUTHORIZED");
  const id = c.req.param("conversation_id") ?? "";
  return conversationStream(c, answerEvents(platform, actor, id, sent));
}

/** How a message is offered that may have been written before. */
export const writtenOffer = (addressOf: (conversationId: string, sent: Sent) => string) =>
  ({
    status: 201,
    responses: {
      200: jsonResponse("Stored before, by a call with the same `client_message_id`", sentMessageSchema),
    },
    answer: writtenAnswer(addressOf),
  }) as const;

const ownMessage = (id: string, { message }: Sent): string =>
  `/api/v1/conversations/${id}/messages/${message.id}`;

export const eventsOffer = {
  responses: {
    200: { description: "Events", content: { "text/event-stream": { schema: z.string() } } },
  },
} as const;

export const conversations = restRouter("Conversations", [
  get("/", listConversations, "Conversations"),
  post("/", createConversation, "Begun", {
    status: 201,
    location: ({ conversation }) => `/api/v1/conversations/${conversation.id}`,
  }),
  get("/search", searchConversations, "What was found"),
  get("/{conversation_id}", getConversation, "The conversation"),
  patch("/{conversation_id}", updateConversation, "Changed"),
  del("/{conversation_id}", deleteConversation, "Erased", { status: 204 }),
  get("/{conversation_id}/messages", listMessages, "Messages"),
  post("/{conversation_id}/messages", sendMessage, "Stored; as events its answer comes with it", {
    ...writtenOffer(ownMessage),
    answer: (c, performed) =>
      c.req.header("accept")?.includes("text/event-stream")
        ? streamedAnswer(c, performed.output)
        : writtenAnswer(ownMessage)(c, performed),
  }),
  get("/{conversation_id}/messages/{message_id}", getMessage, "The message"),
  patch("/{conversation_id}/messages/{message_id}", editMessage, "Corrected in its place", {
    responses: { 201: jsonResponse("Written anew, beside the old one", sentMessageSchema) },
    answer: writtenAnswer(ownMessage),
  }),
  del("/{conversation_id}/messages/{message_id}", deleteMessage, "Emptied", { status: 204 }),
  post("/{conversation_id}/messages/{message_id}/regenerate", regenerateMessage, "Begun", { status: 202 }),
  put("/{conversation_id}/messages/{message_id}/feedback", rateMessage, "The message"),
  put("/{conversation_id}/satisfaction", rateConversation, "The conversation"),
  get("/{conversation_id}/memories", listOwnMemories, "What is remembered"),
  del("/{conversation_id}/memories/{remembered_id}", deleteOwnMemory, "Forgotten", { status: 204 }),
  put("/{conversation_id}/active", activateBranch, "The conversation on that branch"),
  post("/{conversation_id}/stop", stopTurn, "The conversation, with no answer being written"),
  post("/{conversation_id}/compact", compactConversation, "A summary is being made", { status: 202 }),
  put("/{conversation_id}/receipts", putReceipts, "What holds now"),
  get("/{conversation_id}/events", streamConversation, "Events", {
    ...eventsOffer,
    answer: (c, { output }) => conversationStream(c, output),
  }),
  get(
    "/{conversation_id}/ws",
    connectConversation,
    "Connected",
    socketOffer(connectConversation.input.shape.query, callerOrVisitorOfSocket),
  ),
  post("/{conversation_id}/handover", requestHandover, "Waits for a person", { status: 202 }),
]);
