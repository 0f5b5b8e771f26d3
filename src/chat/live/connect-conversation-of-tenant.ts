import { z } from "@hono/zod-openapi";
import { sessionOperation } from "#src/operation/operation.ts";
import { staffConversation, staffInput } from "../staff/staff-conversation.ts";
import { chatSocketAsking, openSocket, socketQuery, socketRefusals } from "./open-socket.ts";

export const connectConversationOfTenant = sessionOperation({
  name: "connectConversationOfTenant",
  summary: "Open a WebSocket at a conversation, for the staff",
  description: "As its owner's at `/conversations/{conversation_id}/ws`; `message.send` answers in it.",
  input: z.object({
    ...staffInput,
    query: staffInput.query.extend(socketQuery.shape),
    body: chatSocketAsking,
  }),
  output: z.custom<WebSocket>(),
  refusals: socketRefusals,
  run: async (platform, actor, { params, query, body }) => {
    const { conversation } = await staffConversation(platform, actor, { params, query });
    return openSocket(platform, actor, conversation, "staff", { query, body });
  },
});
