import type { Chance } from "./chance.ts";

interface Entry {
  at: number;
  /** Decides between entries of the same time. */
  rank: number;
  wake: () => void;
}

/** Simulated time: nothing happens but what has been laid on it, and each thing is over before the next begins. */
export class Timeline {
  readonly #chance: Chance;
  readonly #entries: Entry[] = [];
  /** Milliseconds of true time since the simulation began. */
  now = 0;
  steps = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** Resolves after that many milliseconds of true time. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      const at = this.now + Math.max(0, milliseconds);
      const rank = this.#chance.next();
      let index = this.#entries.length;
      for (let other = this.#entries[index - 1]; other; other = this.#entries[index - 1]) {
        if (other.at < at || (other.at === at && other.rank <= rank)) break;
        index--;
      }
      this.#entries.splice(index, 0, { at, rank, wake });
    });
  }

  /** When something is next to happen. */
  get next(): number {
    return this.#entries[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Lets the next thing happen, with all that follows from it at once; false when nothing is left. */
  async step(): Promise<boolean> {
    const next = this.#entries.shift();
    if (!next) return false;
    this.now = next.at;
    this.steps++;
    next.wake();
    await new Promise(setImmediate);
    return true;
  }
}
