import type { PromptMessage } from "#src/providers/index.ts";

/** What a byte of UTF-8 comes to at most, in the languages that models read, until a model has told; less would be a guess. */
export const ordinaryRate = 1 / 3;

/** What stands around a message, in tokens. */
const messageOverhead = 8;

const encoder = new TextEncoder();

export const bytesOf = (text: string): number => encoder.encode(text).length;

/** The most tokens that a text may come to. @param rate tokens that a byte comes to */
export const tokensOf = (text: string, rate: number = ordinaryRate): number =>
  Math.ceil(bytesOf(text) * rate) + messageOverhead;

/** All that a turn says, piece by piece. */
export function piecesOf(turn: PromptMessage): string[] {
  const texts = "blocks" in turn ? [] : [...(turn.texts ?? [])];
  if ("answers" in turn) return [...turn.answers.map(({ callId, text }) => callId + text), ...texts];
  if (!("blocks" in turn)) return texts;
  return turn.blocks.map((block) => (block.type === "text" ? block.text : JSON.stringify(block)));
}

/** What the pictures and documents of a turn come to, whatever their bytes. */
export const tokensOfFiles = (turn: PromptMessage): number =>
  "blocks" in turn ? 0 : (turn.files ?? []).reduce((sum, { tokens }) => sum + tokens, 0);

/** The most tokens that some turns may come to. */
export const tokensOfTurns = (turns: readonly PromptMessage[], rate: number = ordinaryRate): number =>
  turns.flatMap(piecesOf).reduce((sum, piece) => sum + tokensOf(piece, rate), 0) +
  turns.reduce((sum, turn) => sum + tokensOfFiles(turn), 0);
