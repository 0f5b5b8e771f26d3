import { z } from "@hono/zod-openapi";
import { ratings } from "#src/kernel/chat-words.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { ownConversation } from "../own-conversation.ts";
import { messageParams, messageSchema } from "../schemas.ts";
import { messageView } from "../views.ts";

const ratingSchema = z
  .strictObject({
    rating: z.enum(ratings).nullable().openapi({ description: "Null: nothing any more" }),
    reason: z.string().trim().min(1).max(200).optional().openapi({ description: "Why, in a word" }),
    comment: z.string().trim().min(1).max(2000).optional(),
  })
  .openapi("MessageFeedback", { example: { rating: "up", comment: "Just what I asked for" } });

export const rateMessage = talkOperation({
  name: "rateMessage",
  summary: "Say what one thinks of an answer",
  description: "What is said later takes the place of what was said before. 409 for a message of one's own.",
  input: z.object({ params: messageParams, body: ratingSchema }),
  output: messageSchema,
  refusals: ["NOT_FOUND", "CONFLICT", "RATE_LIMITED", "CONVERSATION_ARCHIVED"],
  run: async (platform, actor, { params, body: { rating, reason = null, comment = null } }) => {
    const { conversation, person } = await ownConversation(platform, actor, params.conversation_id);
    const feedback = rating && { rating, reason, comment };
    const request = { personId: person.id, messageId: params.message_id, feedback };
    return messageView(valueOrThrow(await conversation.rate(request)));
  },
});
