/** A text as a reader has it. */
export interface ReadText {
  attempt: number;
  text: string;
}

/** What a reader is told. `offset` counts UTF-16 units from the start of the text. */
export type TextFrame =
  | { kind: "snapshot" | "delta"; attempt: number; offset: number; text: string }
  | { kind: "reset"; attempt: number };

/**
 * What a reader makes of a frame: a delta is kept only where the reader's text ends. One that begins before that is a
 * repeat; one that begins behind it makes the reader ask for a snapshot (`sync`).
 */
export function readText(
  read: ReadText | undefined,
  frame: TextFrame,
): { read: ReadText | undefined; asks: boolean } {
  const { attempt } = frame;
  if (read && attempt < read.attempt) return { read, asks: false };
  if (frame.kind === "reset") return { read: { attempt, text: "" }, asks: false };
  if (frame.kind === "snapshot") return { read: { attempt, text: frame.text }, asks: false };
  const text = read?.attempt === attempt ? read.text : "";
  if (frame.offset === text.length) return { read: { attempt, text: text + frame.text }, asks: false };
  return { read, asks: frame.offset > text.length };
}
