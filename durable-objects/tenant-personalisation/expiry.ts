import type { Duty } from "./duties.ts";
import type { InteractionStore } from "./interaction-store.ts";
import type { QualityStore } from "./quality-store.ts";

interface Parts {
  interactions: InteractionStore;
  quality: QualityStore;
}

/** Lets go of what has waited for its item in vain, and of lists that are no longer counted. */
export class ExpiryDuty implements Duty {
  readonly name = "expiry";
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get nextAt(): number | null {
    const { interactions, quality } = this.#parts;
    const times = [interactions.waitingUntil, quality.countedUntil].filter((time) => time !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  async run(now: number): Promise<void> {
    this.#parts.interactions.expire(now);
    this.#parts.quality.forget(now);
  }
}
