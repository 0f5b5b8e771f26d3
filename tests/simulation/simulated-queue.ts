import type { Chance } from "./chance.ts";
import type { Faults } from "./faults.ts";
import { Mishap } from "./mishap.ts";
import type { Timeline } from "./timeline.ts";

/** The queue or the hub takes nothing just now. */
export class SendFailure extends Mishap {}

interface Parts<T> {
  timeline: Timeline;
  chance: Chance;
  faults: Faults;
  /** Handles a message; one that fails is delivered again. */
  consume(message: T): Promise<void>;
  /** Takes what was delivered too often. */
  bury(message: T): Promise<void>;
  spawn(work: Promise<void>): void;
}

const maxDeliveries = 4;

/** A queue that duplicates, reorders, delays, forgets, and gives up. */
export class SimulatedQueue<T> {
  readonly #parts: Parts<T>;

  constructor(parts: Parts<T>) {
    this.#parts = parts;
  }

  /** @throws SendFailure */
  send(messages: readonly T[]): void {
    const { faults, spawn } = this.#parts;
    if (faults.strikes("sendFailure")) throw new SendFailure();
    for (const message of messages) {
      if (faults.strikes("loss")) continue;
      spawn(this.#carry(message));
      if (faults.strikes("duplicate")) spawn(this.#carry(message));
    }
  }

  async #carry(message: T): Promise<void> {
    const { timeline, chance, faults, consume, bury } = this.#parts;
    for (let delivery = 1; delivery <= maxDeliveries; delivery++) {
      await timeline.sleep(faults.strikes("delay") ? chance.between(100, 60_000) : chance.between(1, 30));
      if (faults.strikes("deadLetter")) break;
      try {
        return await consume(message);
      } catch (error) {
        if (!(error instanceof Mishap)) throw error;
        if (faults.strikes("loss")) return;
        await timeline.sleep(1000 * 2 ** Math.min(delivery, 6));
      }
    }
    for (;;) {
      try {
        return await bury(message);
      } catch (error) {
        if (!(error instanceof Mishap)) throw error;
        await timeline.sleep(chance.between(100, 5000));
      }
    }
  }
}
