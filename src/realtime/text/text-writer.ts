import { maxPieceLength, type TextAnswer, type TextPiece } from "#src/objects/texts-api.ts";
import { piecesFrom, wholeCharacters } from "#src/text/cut-text.ts";

/**
 * A text at the side of who writes it: what of it the hub is to be told next. One piece is on its way at a time;
 * what becomes of it is said by `answered`, and nothing has to be said of one that is lost.
 */
export class TextWriter {
  readonly #attempt: number;
  #round: number;
  #text = "";
  /** How much of the text the hub has. */
  #kept = 0;
  /** Whether the hub knows of this writing. */
  #isTold = false;
  #isOver = false;
  #audience: "unknown" | "present" | "absent" = "unknown";

  /** @param now epoch milliseconds, as of all that begins */
  constructor(attempt: number, now: number) {
    this.#attempt = attempt;
    this.#round = now;
  }

  get isUnwatched(): boolean {
    return this.#audience === "absent";
  }

  /** Whether there is nothing left to send to anybody. */
  get isSettled(): boolean {
    return this.isUnwatched || (this.#isTold && this.#kept === this.#text.length);
  }

  add(text: string): void {
    this.#text += text;
  }

  /** The text begins anew: a provider is asked again. */
  restart(now: number): void {
    if (this.#text === "") return;
    this.#round = Math.max(now, this.#round + 1);
    this.#text = "";
    this.#kept = 0;
    this.#isTold = false;
  }

  /** Nothing more comes: half a character at the end stays one, and the hub is asked whether it has all of it. */
  end(): void {
    this.#isOver = true;
    this.doubt();
  }

  /** The hub may have forgotten what it had: it is asked, and what is missing goes out again. */
  doubt(): void {
    this.#isTold = false;
  }

  /** What to send now; the first piece, which may be empty, asks whether anybody watches. */
  next(): TextPiece | undefined {
    if (this.isUnwatched) return undefined;
    const ready = this.#isOver ? this.#text : wholeCharacters(this.#text);
    const [piece] = piecesFrom(ready, this.#kept, maxPieceLength);
    if (!piece && this.#isTold) return undefined;
    const { offset, text } = piece ?? { offset: this.#kept, text: "" };
    return { attempt: this.#attempt, round: this.#round, offset, text };
  }

  answered({ round }: Pick<TextPiece, "round">, { watched, have }: TextAnswer): void {
    this.#audience = watched ? "present" : "absent";
    // Of what has begun anew meanwhile the hub knows nothing yet.
    if (round !== this.#round) return;
    this.#isTold = watched;
    this.#kept = Math.min(have, this.#text.length);
  }

  /** Somebody has begun to watch: all there is goes out from the start. */
  watched(): void {
    this.#audience = "present";
    this.#isTold = false;
    this.#kept = 0;
  }
}
