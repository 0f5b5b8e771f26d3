import type { Listener } from "./listener.ts";

type Shown = Pick<Listener, "seenSeq" | "isBehind">;

/** Which log a hub tells of, and up to where it has told all. A hub that has just woken knows neither. */
export class ToldLog {
  #epoch: string | undefined;
  /** Whoever has been shown all up to this number has missed nothing. */
  #through: number | undefined;

  /** @returns whether it is another log than the one before */
  is(epoch: string | undefined): boolean {
    if (epoch === undefined || epoch === this.#epoch) return false;
    this.#epoch = epoch;
    this.#through = undefined;
    return true;
  }

  toldOf(seq: number): void {
    this.#through = Math.max(this.#through ?? 0, seq);
  }

  /** Whether there may be events in the log that a listener has not been shown and nobody will bring it. */
  hasMissed({ seenSeq }: Shown): boolean {
    return this.#through === undefined || seenSeq < this.#through;
  }

  /** The number up to which a listener has been shown all that is for it. */
  shownThrough({ isBehind, seenSeq }: Shown): number {
    return isBehind ? seenSeq : Math.max(seenSeq, this.#through ?? 0);
  }
}
