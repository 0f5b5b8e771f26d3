import { z } from "@hono/zod-openapi";
import type { StoredFile } from "#src/http/stored-file.ts";
import { operation } from "#src/operation/operation.ts";
import { attachmentFile } from "../attachments/attachment-file.ts";
import { attachmentParams } from "../attachments/schemas.ts";
import { staffConversation, staffInput } from "./staff-conversation.ts";

export const getAttachmentOfTenant = operation({
  name: "getAttachmentOfTenant",
  summary: "A file of a conversation, for the staff",
  input: z.object({ ...staffInput, params: attachmentParams }),
  output: z.custom<StoredFile>(),
  refusals: ["NOT_FOUND", "RANGE_NOT_SATISFIABLE"],
  run: async (platform, actor, asked) => {
    const { conversation, view, clientId } = await staffConversation(platform, actor, asked);
    return attachmentFile(platform, conversation, {
      clientId,
      conversationId: view.id,
      attachmentId: asked.params.attachment_id,
      reader: { id: actor.userId, as: "staff" },
    });
  },
});
