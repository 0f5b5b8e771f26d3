import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { ownConversation } from "./own-conversation.ts";
import { conversationParams, messageListQuery, messageListSchema } from "./schemas.ts";
import { messageView } from "./views.ts";

export const listMessages = talkOperation({
  name: "listMessages",
  summary:
    "Messages of a conversation, the oldest first: the newest ones, those before a number, or those after it",
  description: "A page has fewer than `limit` where they are long; `has_more` says whether there are more.",
  input: z.object({ params: conversationParams, query: messageListQuery }),
  output: messageListSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params, query }) => {
    const { conversation } = await ownConversation(platform, actor, params.conversation_id);
    const { messages, lastSeq, hasMore } = valueOrThrow(await conversation.listMessages(query));
    return { messages: messages.map(messageView), last_seq: lastSeq, has_more: hasMore };
  },
});
