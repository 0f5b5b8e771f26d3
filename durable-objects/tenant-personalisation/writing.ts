import type { Clock } from "#src/kernel/clock.ts";
import { hasTables, takeSteps } from "../table-steps.ts";
import { tableSteps } from "./tables.ts";

/** The object's storage: one transaction for what belongs together. An object that was told nothing has no tables. */
export class Writing {
  readonly #storage: DurableObjectStorage;
  readonly #clock: Clock;
  /** Called when something was written. */
  readonly #onWritten: () => void;
  #isReady = false;

  constructor(storage: DurableObjectStorage, clock: Clock, onWritten: () => void) {
    this.#storage = storage;
    this.#clock = clock;
    this.#onWritten = onWritten;
  }

  /** Whether there is anything to read. */
  get hasBegun(): boolean {
    if (!this.#isReady && hasTables(this.#storage.sql)) this.#begin();
    return this.#isReady;
  }

  /** Reads, or says what there is where nothing was ever written. */
  read<T>(work: (now: number) => T, nothing: T): T {
    return this.hasBegun ? work(this.#clock.now()) : nothing;
  }

  /** Writes what belongs together. */
  written<T>(work: (now: number) => T): T {
    if (!this.#isReady) this.#begin();
    const now = this.#clock.now();
    const done = this.#storage.transactionSync(() => work(now));
    this.#onWritten();
    return done;
  }

  #begin(): void {
    takeSteps(this.#storage, tableSteps);
    this.#isReady = true;
  }
}
