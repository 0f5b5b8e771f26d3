import { z } from "@hono/zod-openapi";
import { conversationStatuses } from "#src/kernel/chat-words.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { conversationSchema } from "../schemas.ts";
import { conversationView } from "../views.ts";
import { auditConversation, staffConversation, staffInput } from "./staff-conversation.ts";

export const setConversationStatus = operation({
  name: "setConversationStatus",
  summary: "End a conversation, or have it go on",
  description: "`ended` stops what is being answered, and says when; any other status clears that.",
  input: z.object({
    ...staffInput,
    body: z.strictObject({ status: z.enum(conversationStatuses) }).openapi("ConversationStatus"),
  }),
  output: conversationSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, input) => {
    const { status } = input.body;
    const { conversation, view, clientId } = await staffConversation(platform, actor, input);
    await auditConversation(platform, actor, "conversation.status_changed", view.id, clientId, { status });
    return conversationView(valueOrThrow(await conversation.setStatus(status)));
  },
});
