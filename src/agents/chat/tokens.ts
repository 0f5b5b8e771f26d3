import type { PromptMessage } from "#src/providers/index.ts";

/** Bytes of UTF-8 that a token stands for at least, in the languages that models read; fewer bytes would be a guess. */
const bytesPerToken = 3;

/** What stands around a message, in tokens. */
const messageOverhead = 8;

const encoder = new TextEncoder();

/** The most tokens that a text may come to. */
export const tokensOf = (text: string): number =>
  Math.ceil(encoder.encode(text).length / bytesPerToken) + messageOverhead;

/** All that a turn says, piece by piece. */
export function piecesOf(turn: PromptMessage): string[] {
  const texts = "blocks" in turn ? [] : [...(turn.texts ?? [])];
  if ("answers" in turn) return [...turn.answers.map(({ callId, text }) => callId + text), ...texts];
  if (!("blocks" in turn)) return texts;
  return turn.blocks.map((block) => (block.type === "text" ? block.text : JSON.stringify(block)));
}

const tokensOfPictures = (turn: PromptMessage): number =>
  "blocks" in turn ? 0 : (turn.pictures ?? []).reduce((sum, { tokens }) => sum + tokens, 0);

/** The most tokens that some turns may come to. */
export const tokensOfTurns = (turns: readonly PromptMessage[]): number =>
  turns.flatMap(piecesOf).reduce((sum, piece) => sum + tokensOf(piece), 0) +
  turns.reduce((sum, turn) => sum + tokensOfPictures(turn), 0);
