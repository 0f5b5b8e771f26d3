import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { ownConversation } from "../own-conversation.ts";
import { conversationParams, conversationSchema } from "../schemas.ts";
import { conversationView } from "../views.ts";

export const rateConversation = talkOperation({
  name: "rateConversation",
  summary: "Say how a conversation was that has ended",
  description: "Once for each time that it ends (409), and not before (409). The same once more is the same.",
  input: z.object({
    params: conversationParams,
    body: z
      .strictObject({
        score: z.number().int().min(1).max(5),
        comment: z.string().trim().min(1).max(2000).optional(),
      })
      .openapi("ConversationSatisfaction"),
  }),
  output: conversationSchema,
  refusals: ["NOT_FOUND", "CONFLICT", "CONVERSATION_ARCHIVED"],
  run: async (platform, actor, { params, body: { score, comment = null } }) => {
    const { conversation } = await ownConversation(platform, actor, params.conversation_id);
    return conversationView(valueOrThrow(await conversation.rateEnding({ score, comment })));
  },
});
