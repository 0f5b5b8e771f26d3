import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { chatPersona } from "./chat-persona.ts";
import { ownConversation } from "./own-conversation.ts";
import { compactionSchema, conversationParams } from "./schemas.ts";

export const compactConversation = operation({
  name: "compactConversation",
  summary: "Have what was said summarised",
  description:
    "As happens by itself when answers read much of what their model reads. The messages stay as they are; later answers " +
    "are told the summary in the place of older ones. It takes fuel of the persona's owner.",
  input: z.object({ params: conversationParams }),
  output: compactionSchema,
  refusals: ["NOT_FOUND", "PERSONA_DISABLED", "CONVERSATION_ARCHIVED"],
  run: async (platform, actor, { params }) => {
    const { conversation, view, person } = await ownConversation(platform, actor, params.conversation_id);
    // Only of a persona that they may talk with: it costs as an answer does.
    await chatPersona(platform, person, view.instanceId);
    const { compactionId } = valueOrThrow(await conversation.compact());
    return { compaction_id: compactionId };
  },
});
