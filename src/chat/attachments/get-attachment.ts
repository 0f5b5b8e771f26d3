import { z } from "@hono/zod-openapi";
import type { StoredFile } from "#src/http/stored-file.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { ownConversation } from "../own-conversation.ts";
import { attachmentFile } from "./attachment-file.ts";
import { attachmentParams } from "./schemas.ts";

export const getAttachment = talkOperation({
  name: "getAttachment",
  summary: "A file that came with a message of one of one's own conversations, or is to come with one",
  input: z.object({ params: attachmentParams }),
  output: z.custom<StoredFile>(),
  refusals: ["NOT_FOUND", "RANGE_NOT_SATISFIABLE"],
  run: async (platform, actor, { params }) => {
    const { conversation, view, person } = await ownConversation(platform, actor, params.conversation_id);
    return attachmentFile(platform, conversation, {
      clientId: actor.clientId,
      conversationId: view.id,
      attachmentId: params.attachment_id,
      reader: { id: person.id, as: "owner" },
    });
  },
});
