import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { requireNotBanned } from "#src/moderation/index.ts";
import { operation } from "#src/operation/operation.ts";
import { ownConversation } from "../own-conversation.ts";
import { conversationParams } from "../schemas.ts";
import { type UiFrame, uiAnswer } from "./ui-answer.ts";

export const resumeChat = operation({
  name: "resumeChat",
  summary: "Read the answer that is being written, as the AI SDK does it; 204 where none is",
  input: z.object({ params: conversationParams }),
  output: z.custom<AsyncGenerator<UiFrame> | undefined>(),
  refusals: ["NOT_FOUND", "BANNED"],
  run: async (platform, actor, { params }) => {
    const { conversation, person } = await ownConversation(platform, actor, params.conversation_id);
    await requireNotBanned(platform, person);
    const { turn, logged } = valueOrThrow(await conversation.standing());
    if (!turn) return undefined;
    const of = { messageId: turn.messageId, isRunning: true, since: logged };
    return uiAnswer({ platform, conversation, person, ...of });
  },
});
