import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { ownConversation } from "./own-conversation.ts";
import { conversationParams, conversationSchema } from "./schemas.ts";
import { conversationView } from "./views.ts";

export const stopTurn = operation({
  name: "stopTurn",
  summary: "Stop the answer that is being written; what is written stays",
  description: "Where none is being written nothing happens.",
  input: z.object({ params: conversationParams }),
  output: conversationSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params }) => {
    const { conversation } = await ownConversation(platform, actor, params.conversation_id);
    return conversationView(valueOrThrow(await conversation.stop()));
  },
});
