import { z } from "zod";
import type { ConversationApi, MessageView } from "#src/objects/conversation-api.ts";
import { followAnswer, messageIn } from "./follow-answer.ts";
import { type AnswerEnd, type UiChunk, UiMessageStream } from "./ui-message-stream.ts";

/** A chunk of the stream, or that nothing has come for a while. */
export type UiFrame = UiChunk | "quiet";

const writtenSchema = z.object({ offset: z.number(), text: z.string() });

const endOf = ({ status, error }: MessageView): AnswerEnd => {
  if (status === "failed") return { status, error: error ?? "INTERNAL_ERROR" };
  return { status: status === "complete" ? "complete" : "stopped" };
};

/** An answer as the AI SDK reads one: also one that was given before. */
export async function* uiAnswer(
  awaited: Parameters<typeof followAnswer>[0] & { conversation: Pick<ConversationApi, "getMessage"> },
): AsyncGenerator<UiFrame> {
  let answered = awaited.messageId;
  // Begun before its first word: whoever reads sees that somebody answers.
  let stream = answered === undefined ? undefined : new UiMessageStream(answered);
  if (stream) yield* stream.begin();
  for await (const frame of followAnswer(awaited)) {
    if (frame.type === "quiet" || frame.messageId === undefined) {
      yield "quiet";
      continue;
    }
    answered = frame.messageId;
    if (!stream) {
      stream = new UiMessageStream(answered);
      yield* stream.begin();
    }
    if (frame.event === "message.reset") stream.reset();
    const written = writtenSchema.safeParse(JSON.parse(frame.data)).data;
    if (!written) continue;
    yield* frame.event === "message.snapshot"
      ? stream.snapshot(written.text)
      : stream.delta(written.offset, written.text);
  }
  if (answered === undefined) return;
  const message = await messageIn(awaited.conversation, answered);
  if (!stream) {
    stream = new UiMessageStream(answered);
    yield* stream.begin();
  }
  yield* stream.end(message.content, message.parts, endOf(message));
}
