import type { Listener } from "./listener.ts";

type Shown = Pick<Listener, "seenSeq" | "isBehind">;

/** Which log a hub tells of, up to where it is known to go, and up to where it has been told. A hub that has just woken knows none of it. */
export class ToldLog {
  #epoch: string | undefined;
  /** Whoever has been shown all up to this number has missed nothing. */
  #latest: number | undefined;
  /** Up to here the sockets have been told; what is above may still be on its way. */
  #told = 0;

  /** @returns whether it is another log than the one before */
  is(epoch: string | undefined): boolean {
    if (epoch === undefined || epoch === this.#epoch) return false;
    this.#epoch = epoch;
    this.#latest = undefined;
    this.#told = 0;
    return true;
  }

  /** The log goes up to a number, as whoever comes now is told. */
  reaches(seq: number): void {
    this.#latest = Math.max(this.#latest ?? 0, seq);
  }

  /** The sockets have been told all up to a number that is for them. */
  toldOf(seq: number): void {
    this.#told = Math.max(this.#told, seq);
    this.reaches(seq);
  }

  /** Whether there may be events in the log that a listener has not been shown and nobody will bring it. */
  hasMissed({ seenSeq }: Shown): boolean {
    return this.#latest === undefined || seenSeq < this.#latest;
  }

  /** The number up to which a listener has been shown all that is for it. */
  shownThrough({ isBehind, seenSeq }: Shown): number {
    return isBehind ? seenSeq : Math.max(seenSeq, this.#told);
  }
}
