import { z } from "@hono/zod-openapi";
import { requireNotBanned } from "#src/moderation/index.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { ownConversation } from "../own-conversation.ts";
import { attachmentSchema, conversationParams } from "../schemas.ts";
import { fileSchema } from "./schemas.ts";
import { takeAttachment } from "./take-attachment.ts";

export const uploadAttachment = talkOperation({
  name: "uploadAttachment",
  summary: "Upload a file for a message of one of one's own conversations",
  description:
    "As field `file` of a form, or as the body itself with its percent-encoded name in `X-File-Name`. What it is is told by its " +
    "content: PNG, JPEG, WebP and GIF (5 MB, 8 000 pixels a side, 25 megapixels), PDF (10 MB, 100 pages, not locked), and texts in " +
    "UTF-8 (1 MB). The same file again is the same attachment. What no message has named a day later is gone.",
  input: z.object({ params: conversationParams, body: fileSchema }),
  output: attachmentSchema,
  refusals: [
    "NOT_FOUND",
    "BANNED",
    "PAYLOAD_TOO_LARGE",
    "UNSUPPORTED_MEDIA_TYPE",
    "ATTACHMENT_UNREADABLE",
    "RATE_LIMITED",
    "CONVERSATION_ARCHIVED",
  ],
  run: async (platform, actor, { params, body }) => {
    const { conversation, view, person } = await ownConversation(platform, actor, params.conversation_id);
    await requireNotBanned(platform, person);
    const where = { clientId: actor.clientId, conversationId: view.id, personId: person.id };
    return takeAttachment(platform, conversation, where, body);
  },
});
