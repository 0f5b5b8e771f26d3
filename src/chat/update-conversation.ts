import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { currentPersona } from "./current-persona.ts";
import { ownConversation } from "./own-conversation.ts";
import { changedConversationSchema, conversationParams, conversationSchema } from "./schemas.ts";
import { conversationView } from "./views.ts";

export const updateConversation = talkOperation({
  name: "updateConversation",
  summary: "Name a conversation, keep something with it, end it or have it go on",
  input: z.object({ params: conversationParams, body: changedConversationSchema }),
  output: conversationSchema,
  refusals: ["NOT_FOUND", "CONVERSATION_ARCHIVED", "CONFLICT"],
  run: async (platform, actor, { params, body: { status, ...described } }) => {
    const found = await ownConversation(platform, actor, params.conversation_id);
    let { view } = found;
    if (Object.keys(described).length > 0) view = valueOrThrow(await found.conversation.describe(described));
    if (status !== undefined) {
      const persona = await currentPersona(platform, actor.clientId, view);
      view = valueOrThrow(await found.conversation.setStatus({ status, as: "owner", persona }));
    }
    return conversationView(view);
  },
});
