import { z } from "@hono/zod-openapi";
import { presentTalkOperation } from "#src/operation/operation.ts";
import { ownConversation } from "../own-conversation.ts";
import { conversationParams } from "../schemas.ts";
import { chatSocketAsking, openSocket, socketQuery, socketRefusals } from "./open-socket.ts";

export const connectConversation = presentTalkOperation({
  name: "connectConversation",
  summary: "Open a WebSocket at a conversation",
  description:
    "Authenticate as with the tenant's WebSocket: `Authorization: Bearer`, the sub-protocols `bearer, <token>`, or a " +
    "`ticket` from `POST /ws/ticket`. `since` resumes after an entry of the conversation's log. What it tells and takes " +
    "is in `/api/events.json`. At most 100 sockets are open at a conversation, 20 of them one person's; 5 of a visitor.",
  input: z.object({ params: conversationParams, query: socketQuery, body: chatSocketAsking }),
  output: z.custom<WebSocket>(),
  refusals: socketRefusals,
  run: async (platform, actor, { params, ...asked }) => {
    const { conversation } = await ownConversation(platform, actor, params.conversation_id);
    return openSocket(platform, actor, conversation, "owner", asked);
  },
});
