import { type ConversationEvent, isNamed, type Told } from "./conversation-events.ts";
import { addedTo } from "./live-texts.ts";
import { type ReadText, readText, type TextFrame } from "./read-text.ts";

/** An answer's text after something that was told of it. */
export interface AnswerUpdate {
  messageId: string;
  /** The whole text so far. */
  text: string;
  /** What has come behind the text that was there; undefined when the text has begun anew. */
  added: string | undefined;
}

type OfText = ConversationEvent<"message.snapshot" | "message.delta" | "message.reset">;

/** The answers that a client reads while they are being written, by their messages. */
export class AnswerTexts {
  readonly #texts = new Map<string, ReadText | undefined>();

  /** @returns the answer that it was of, and whether something is missing; undefined when it was of none */
  take(told: Told): (AnswerUpdate & { asks: boolean }) | undefined {
    if (!isNamed(told, "message.snapshot", "message.delta", "message.reset")) return undefined;
    const { message_id: messageId } = told.data;
    const before = this.of(messageId);
    const { read, asks } = readText(this.#texts.get(messageId), frameOf(told));
    this.#texts.set(messageId, read);
    const text = read?.text ?? "";
    return { messageId, text, added: addedTo(before, text), asks };
  }

  /** An answer's text so far. */
  of(messageId: string): string {
    return this.#texts.get(messageId)?.text ?? "";
  }

  /** It is written, and not asked for any more. */
  forget(messageId: string): void {
    this.#texts.delete(messageId);
  }
}

function frameOf(told: OfText): TextFrame {
  const { attempt } = told.data;
  if (told.event === "message.reset") return { kind: "reset", attempt };
  const { offset, text } = told.data;
  return { kind: told.event === "message.delta" ? "delta" : "snapshot", attempt, offset, text };
}
