import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { fileSchema } from "../attachments/schemas.ts";
import { takeAttachment } from "../attachments/take-attachment.ts";
import { attachmentSchema } from "../schemas.ts";
import { auditConversation, staffConversation, staffInput } from "./staff-conversation.ts";

export const uploadAttachmentOfTenant = operation({
  name: "uploadAttachmentOfTenant",
  summary: "Upload a file for an answer of the staff",
  description: "As `POST /conversations/{conversation_id}/attachments`.",
  input: z.object({ ...staffInput, body: fileSchema }),
  output: attachmentSchema,
  refusals: [
    "NOT_FOUND",
    "PAYLOAD_TOO_LARGE",
    "UNSUPPORTED_MEDIA_TYPE",
    "ATTACHMENT_UNREADABLE",
    "RATE_LIMITED",
    "CONVERSATION_ARCHIVED",
  ],
  run: async (platform, actor, { body, ...asked }) => {
    const { conversation, view, clientId } = await staffConversation(platform, actor, asked);
    await auditConversation(platform, actor, "conversation.file_uploaded", view.id, clientId);
    const where = { clientId, conversationId: view.id, personId: actor.userId };
    return takeAttachment(platform, conversation, where, body);
  },
});
