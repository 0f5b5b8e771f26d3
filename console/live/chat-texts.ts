/** A piece of an answer that is being written. */
export interface TextPiece {
  kind: "snapshot" | "delta" | "reset";
  messageId: string;
  attempt: number;
  offset: number;
  text: string;
}

/** What is known of the answer that is being written. */
export interface Writing {
  messageId: string;
  attempt: number;
  text: string;
}

/** The answer after another piece: a piece is kept where the text ends, and a new attempt begins anew. */
export function writingAfter(before: Writing | undefined, piece: TextPiece): Writing | undefined {
  const { kind, messageId, attempt, offset, text } = piece;
  const isSame = before?.messageId === messageId && before.attempt === attempt;
  if (kind === "reset") return { messageId, attempt, text: "" };
  if (kind === "snapshot") return { messageId, attempt, text };
  if (!isSame) return offset === 0 ? { messageId, attempt, text } : before;
  return offset === before.text.length ? { ...before, text: before.text + text } : before;
}
