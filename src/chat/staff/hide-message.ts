import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { messageParams, messageSchema } from "../schemas.ts";
import { messageView } from "../views.ts";
import { auditConversation, staffConversation, staffInput } from "./staff-conversation.ts";

export const hideMessage = operation({
  name: "hideMessage",
  summary: "Take a message from everybody's sight but the staff's",
  description:
    "Its place stays, empty; the persona does not read it any more. An answer that is being written is stopped.",
  input: z.object({
    ...staffInput,
    params: messageParams,
    body: z
      .strictObject({
        reason: z.string().trim().min(1).max(500).openapi({ description: "Why, for the audit log" }),
      })
      .openapi("HideMessage"),
  }),
  output: messageSchema,
  refusals: ["NOT_FOUND", "CONVERSATION_ARCHIVED"],
  run: async (platform, actor, input) => {
    const { conversation, view, clientId } = await staffConversation(platform, actor, input);
    const messageId = input.params.message_id;
    const { reason } = input.body;
    // Only what is there leaves a trace.
    valueOrThrow(await conversation.getMessage(messageId));
    const details = { message_id: messageId, reason };
    await auditConversation(platform, actor, "conversation.message_hidden", view.id, clientId, details);
    return messageView(valueOrThrow(await conversation.hide({ messageId, by: actor.userId, reason })));
  },
});
