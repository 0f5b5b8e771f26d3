import { framesFor, type KeptText } from "#src/realtime/index.ts";

/** What a listener is told of an answer that is being written, and how far they have it then. */
interface ToldText {
  event: "message.snapshot" | "message.delta" | "message.reset";
  data: Record<string, unknown>;
  shown: { attempt: number; offset: number };
}

/**
 * What somebody has to be told to have an answer as it is: all of it where they begin to read, else what is new. The
 * frames are those of texts of runs, with other names.
 * @param shown how far they have it; undefined where that is nothing
 */
export function framesOfText(
  { messageId }: { messageId: string },
  { attempt, text }: Pick<KeptText, "attempt" | "text">,
  shown: ToldText["shown"] | undefined,
): ToldText[] {
  const before = shown && { ...shown, round: 0 };
  return framesFor({ attempt, round: 0, text }, before).map(({ kind, ...frame }) => ({
    event: `message.${kind}`,
    data: { message_id: messageId, ...frame },
    shown: { attempt: frame.attempt, offset: "text" in frame ? frame.offset + frame.text.length : 0 },
  }));
}
