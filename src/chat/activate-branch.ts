import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { ownConversation } from "./own-conversation.ts";
import { activeBranchSchema, conversationParams, conversationSchema } from "./schemas.ts";
import { conversationView } from "./views.ts";

export const activateBranch = talkOperation({
  name: "activateBranch",
  summary: "Go on with another branch of a conversation, named by its end",
  input: z.object({ params: conversationParams, body: activeBranchSchema }),
  output: conversationSchema,
  refusals: ["NOT_FOUND", "CONFLICT", "TURN_RUNNING", "RATE_LIMITED", "CONVERSATION_ARCHIVED"],
  run: async (platform, actor, { params, body }) => {
    const { conversation } = await ownConversation(platform, actor, params.conversation_id);
    return conversationView(valueOrThrow(await conversation.activate(body.leaf_id, body.if_leaf)));
  },
});
