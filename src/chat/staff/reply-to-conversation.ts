import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { contentSchema, newMessageSchema, sentMessageSchema } from "../schemas.ts";
import { sentView } from "../views.ts";
import { cannedText } from "./canned-text.ts";
import { auditConversation, staffConversation, staffInput } from "./staff-conversation.ts";

export const replyToConversation = operation({
  name: "replyToConversation",
  summary: "Answer in a conversation that one holds, or note something for the staff",
  description:
    "409 unless the caller holds it; a note (`visibility: internal`) may always be written, and is shown to the staff " +
    "alone. The same `client_message_id` with the same text is the same message.",
  input: z.object({
    ...staffInput,
    body: newMessageSchema
      .pick({ client_message_id: true, attachments: true })
      .extend({
        content: contentSchema.optional(),
        canned_reply_id: z.uuid().optional().openapi({
          description: "In the place of `content`: a reply that is ready",
        }),
        visibility: z.enum(["public", "internal"]).default("public").openapi({
          description: "`internal`: a note, which nobody but the staff ever sees",
        }),
      })
      .refine(({ content, canned_reply_id }) => (content === undefined) !== (canned_reply_id === undefined), {
        path: ["content"],
        message: "Either `content` or `canned_reply_id`",
      })
      .refine(({ visibility, attachments = [] }) => visibility === "public" || attachments.length === 0, {
        path: ["attachments"],
        message: "Nothing comes with a note",
      })
      .openapi("StaffReply", { example: { client_message_id: "r-1", content: "What may I do for you?" } }),
  }),
  output: sentMessageSchema,
  refusals: [
    "NOT_FOUND",
    "CONFLICT",
    "CONVERSATION_FULL",
    "PAYLOAD_TOO_LARGE",
    "ATTACHMENT_UNREADABLE",
    "CONVERSATION_ARCHIVED",
  ],
  run: async (platform, actor, input) => {
    const { client_message_id: clientMessageId, visibility, attachments } = input.body;
    const { canned_reply_id: replyId = "" } = input.body;
    const { conversation, view, clientId } = await staffConversation(platform, actor, input);
    const content = input.body.content ?? (await cannedText(platform, actor, view, replyId));
    if (visibility === "internal") {
      await auditConversation(platform, actor, "conversation.noted", view.id, clientId);
      const note = { senderId: actor.userId, clientMessageId, content };
      return sentView({ ...valueOrThrow(await conversation.note(note)), turn: null });
    }
    await auditConversation(platform, actor, "conversation.answered", view.id, clientId);
    const sender = { id: actor.userId, as: "staff" } as const;
    const message = { sender, clientMessageId, content, attachments, wantsReply: false };
    return sentView(valueOrThrow(await conversation.send(message)));
  },
});
