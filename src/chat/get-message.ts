import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { ownConversation } from "./own-conversation.ts";
import { messageParams, messageSchema } from "./schemas.ts";
import { messageView } from "./views.ts";

export const getMessage = talkOperation({
  name: "getMessage",
  summary: "A message of a conversation, of whatever branch",
  input: z.object({ params: messageParams }),
  output: messageSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params }) => {
    const { conversation } = await ownConversation(platform, actor, params.conversation_id);
    return messageView(valueOrThrow(await conversation.getMessage(params.message_id)));
  },
});
