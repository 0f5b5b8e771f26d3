import { z } from "@hono/zod-openapi";
import { conversationStatuses } from "#src/kernel/chat-words.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { currentPersona } from "../current-persona.ts";
import { conversationSchema } from "../schemas.ts";
import { conversationView } from "../views.ts";
import { auditConversation, staffConversation, staffInput } from "./staff-conversation.ts";

export const setConversationStatus = operation({
  name: "setConversationStatus",
  summary: "End a conversation, or have it go on",
  description: "`ended` stops what is being answered, and says when; any other status clears that.",
  input: z.object({
    ...staffInput,
    body: z
      .strictObject({
        status: z.enum(conversationStatuses),
        satisfaction: z.boolean().default(true).openapi({
          description: "Whether its owner is to be asked how it was, where it ends",
        }),
      })
      .openapi("ConversationStatus"),
  }),
  output: conversationSchema,
  refusals: ["NOT_FOUND", "CONVERSATION_ARCHIVED"],
  run: async (platform, actor, input) => {
    const { status, satisfaction: asksSatisfaction } = input.body;
    const { conversation, view, clientId } = await staffConversation(platform, actor, input);
    await auditConversation(platform, actor, "conversation.status_changed", view.id, clientId, { status });
    const persona = await currentPersona(platform, clientId, view);
    const request = { status, as: "staff", asksSatisfaction, persona } as const;
    return conversationView(valueOrThrow(await conversation.setStatus(request)));
  },
});
