import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { newMessageSchema, sentMessageSchema } from "../schemas.ts";
import { sentView } from "../views.ts";
import { auditConversation, staffConversation, staffInput } from "./staff-conversation.ts";

export const replyToConversation = operation({
  name: "replyToConversation",
  summary: "Answer in a conversation that one holds",
  description:
    "409 unless the caller holds it. The same `client_message_id` with the same text is the same message.",
  input: z.object({
    ...staffInput,
    body: newMessageSchema
      .pick({ client_message_id: true, content: true, attachments: true })
      .openapi("StaffReply"),
  }),
  output: sentMessageSchema,
  refusals: ["NOT_FOUND", "CONFLICT", "CONVERSATION_FULL", "PAYLOAD_TOO_LARGE"],
  run: async (platform, actor, input) => {
    const { client_message_id: clientMessageId, content, attachments } = input.body;
    const { conversation, view, clientId } = await staffConversation(platform, actor, input);
    await auditConversation(platform, actor, "conversation.answered", view.id, clientId);
    const sender = { id: actor.userId, as: "staff" } as const;
    const message = { sender, clientMessageId, content, attachments, wantsReply: false };
    return sentView(valueOrThrow(await conversation.send(message)));
  },
});
