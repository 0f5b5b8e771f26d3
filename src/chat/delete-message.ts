import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { ownConversation } from "./own-conversation.ts";
import { messageParams } from "./schemas.ts";

export const deleteMessage = talkOperation({
  name: "deleteMessage",
  summary: "Empty one of one's own messages; its place stays",
  input: z.object({ params: messageParams }),
  output: z.object({}),
  refusals: ["NOT_FOUND", "CONFLICT", "TURN_RUNNING", "CONVERSATION_ARCHIVED"],
  run: async (platform, actor, { params }) => {
    const { conversation, person } = await ownConversation(platform, actor, params.conversation_id);
    const caller = { id: person.id, as: "owner" } as const;
    valueOrThrow(await conversation.remove({ caller, messageId: params.message_id }));
    return {};
  },
});
