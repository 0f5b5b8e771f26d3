import type { TextFrame } from "#client/read-text.ts";
import type { TextPiece } from "#src/objects/texts-api.ts";
import { piecesFrom } from "#src/text/cut-text.ts";

/** A text so far, as the hub has it while somebody watches. */
export type KeptText = Omit<TextPiece, "offset">;

/** What a reader has been shown of a text. */
export type Shown = Omit<TextPiece, "text">;

/** The most of a text in one frame, in UTF-16 units: at most 48 KB as UTF-8. */
const maxFrameLength = 16_384;

type Version = Pick<TextPiece, "attempt" | "round">;

/** Negative when the first writing is the older one, 0 when both are the same. */
const compare = (one: Version, other: Version): number =>
  one.attempt - other.attempt || one.round - other.round;

/**
 * A text with a piece. A repeat adds nothing, nor does one behind a gap, or of a writing that another has taken the
 * place of.
 * @returns `have`: how much of the piece's writing is there, for whoever sends it
 */
export function withPiece(
  kept: KeptText | undefined,
  { attempt, round, offset, text }: TextPiece,
): { kept: KeptText | undefined; have: number } {
  const age = kept ? compare(kept, { attempt, round }) : -1;
  const end = offset + text.length;
  if (age > 0) return { kept, have: end };
  const before = kept && age === 0 ? kept.text : "";
  // Nothing of a new writing is shown before its beginning is there.
  if (offset > before.length || (offset > 0 && age < 0)) return { kept, have: before.length };
  if (age === 0 && end <= before.length) return { kept, have: before.length };
  const [fresh] = piecesFrom(text, before.length - offset, Math.max(2, text.length));
  const whole = before + (fresh?.text ?? "");
  return { kept: { attempt, round, text: whole }, have: whole.length };
}

/**
 * What a reader has to be told to have a text as it is: whoever begins to read it gets a snapshot, and what is new
 * from there on.
 * @param shown what the reader has been shown; undefined when that is nothing, or cannot be told any more
 */
export function framesFor({ attempt, round, text }: KeptText, shown: Shown | undefined): TextFrame[] {
  const isSame = shown?.attempt === attempt && shown.round === round;
  const deltas = [...piecesFrom(text, isSame ? shown.offset : 0, maxFrameLength)].map(
    (piece): TextFrame => ({ kind: "delta", attempt, ...piece }),
  );
  if (isSame) return deltas;
  if (shown) return [{ kind: "reset", attempt }, ...deltas];
  const [first = { text: "" }, ...rest] = piecesFrom(text, 0, maxFrameLength);
  return [
    { kind: "snapshot", attempt, offset: 0, text: first.text },
    ...rest.map((piece): TextFrame => ({ kind: "delta", attempt, ...piece })),
  ];
}
