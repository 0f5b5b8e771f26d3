/** How often refusals are told of at most. */
const everyMs = 60_000;

/** Callers that are told apart at most; others are counted with none of their own. */
const maxCallers = 1000;

/** What was refused since it was last told. */
export interface Refused {
  calls: number;
  callers: number;
  /** Who was refused most often: an account's id, or what stands for an address. */
  most: string;
}

/** Counts refused calls, so that a flood of them is a line a minute: the first is told at once. */
export class Refusals {
  readonly #tell: (refused: Refused) => void;
  readonly #callers = new Map<string, number>();
  #calls = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(tell: (refused: Refused) => void) {
    this.#tell = tell;
  }

  /**
   * Says that somebody's calls were counted, and tells of what was refused when it is time.
   * @param refused how many of them there was no room for
   */
  counted(caller: string, refused: number, now: number): void {
    if (refused > 0) {
      this.#calls += refused;
      const before = this.#callers.get(caller);
      if (before !== undefined || this.#callers.size < maxCallers)
        this.#callers.set(caller, (before ?? 0) + refused);
    }
    // A clock that was set back keeps nobody silent either.
    if (this.#calls === 0 || Math.abs(now - this.#toldAt) < everyMs) return;
    this.#tell({ calls: this.#calls, callers: this.#callers.size, most: this.#most() });
    this.#toldAt = now;
    this.#calls = 0;
    this.#callers.clear();
  }

  #most(): string {
    const [most = ["", 0]] = [...this.#callers].sort(([, one], [, other]) => other - one);
    return most[0];
  }
}
