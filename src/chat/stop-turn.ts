import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { currentPersona } from "./current-persona.ts";
import { ownConversation } from "./own-conversation.ts";
import { conversationParams, conversationSchema } from "./schemas.ts";
import { conversationView } from "./views.ts";

export const stopTurn = talkOperation({
  name: "stopTurn",
  summary: "Stop the answer that is being written; what is written stays",
  description: "Where none is being written nothing happens.",
  input: z.object({ params: conversationParams }),
  output: conversationSchema,
  refusals: ["NOT_FOUND", "CONVERSATION_ARCHIVED"],
  run: async (platform, actor, { params }) => {
    const { conversation, view } = await ownConversation(platform, actor, params.conversation_id);
    // What came meanwhile is answered next, if the persona still may.
    const persona = await currentPersona(platform, actor.clientId, view);
    return conversationView(valueOrThrow(await conversation.stop(persona)));
  },
});
