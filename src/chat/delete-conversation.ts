import { z } from "@hono/zod-openapi";
import { endRoom } from "#src/identity/index.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { ownConversation } from "./own-conversation.ts";
import { conversationParams } from "./schemas.ts";

export const deleteConversation = talkOperation({
  name: "deleteConversation",
  summary: "Erase one of one's own conversations, for good",
  description: "Everything that was said in it is gone at once; a running answer is stopped.",
  input: z.object({ params: conversationParams }),
  output: z.object({}),
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params }) => {
    const { conversation } = await ownConversation(platform, actor, params.conversation_id);
    valueOrThrow(await conversation.erase());
    platform.later("the room of a conversation was not ended", () =>
      endRoom(platform, actor.clientId, `conversation:${params.conversation_id}`),
    );
    return {};
  },
});
