import type { z } from "zod";
import type { Talker } from "#src/kernel/actor.ts";
import type { Platform } from "#src/platform.ts";
import type { FollowedFrame } from "../follow-conversation.ts";
import { ownConversation } from "../own-conversation.ts";
import type { sentMessageSchema } from "../schemas.ts";
import { followAnswer } from "./follow-answer.ts";

/**
 * What was written, then its answer as it is written, to its end: for whoever asks for events in the place of JSON.
 * @param sent what the operation has answered
 */
export async function* answerEvents(
  platform: Pick<Platform, "db" | "clock" | "objects">,
  actor: Talker,
  conversationId: string,
  { message, turn, created, log_seq }: z.infer<typeof sentMessageSchema>,
): AsyncGenerator<FollowedFrame> {
  yield { type: "event", event: "message.sent", data: JSON.stringify({ message, turn, created }) };
  const { conversation, person } = await ownConversation(platform, actor, conversationId);
  yield* followAnswer({
    conversation,
    person,
    platform,
    messageId: turn?.message_id,
    isRunning: turn?.status === "running",
    since: log_seq ?? 0,
  });
}
