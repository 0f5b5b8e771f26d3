import { z } from "@hono/zod-openapi";
import { talkOperation } from "#src/operation/operation.ts";
import { ownConversation } from "./own-conversation.ts";
import { conversationParams, conversationSchema } from "./schemas.ts";
import { conversationView } from "./views.ts";

export const getConversation = talkOperation({
  name: "getConversation",
  summary: "One of one's own conversations",
  input: z.object({ params: conversationParams }),
  output: conversationSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params }) =>
    conversationView((await ownConversation(platform, actor, params.conversation_id)).view),
});
