import { withTimeout } from "#src/kernel/with-timeout.ts";
import type { Batch, Gathering, Sink } from "./hand-over.ts";

/** What waits in memory to become a batch. */
export interface Heap<T> {
  readonly isEmpty: boolean;
  readonly isFull: boolean;
  /** Gives all there is, and how many found no room; then it is empty. */
  empty(): Pick<Batch<T>, "things" | "dropped">;
}

/** A sink that has not answered by then is asked again. */
const patienceMs = 10_000;

/** A batch that was offered so often without being taken is given up. */
const maxOffers = 12;

/** Brings a heap to its sink, batch after batch: the same one until it is taken, and never two at a time. */
export class Gathered<T> implements Gathering {
  readonly #heap: Heap<T>;
  readonly #sink: Sink<T>;
  #batch: (Batch<T> & { offers: number }) | undefined;
  /** Itself, among all that hand over; made when it is needed first, since an isolate has no randomness before. */
  #source = "";
  #number = 0;
  #lost = 0;
  #busySince = 0;

  constructor(heap: Heap<T>, sink: Sink<T>) {
    this.#heap = heap;
    this.#sink = sink;
  }

  get name(): string {
    return this.#sink.name;
  }

  get isEmpty(): boolean {
    return this.#batch === undefined && this.#heap.isEmpty;
  }

  get isFull(): boolean {
    return this.#heap.isFull && !this.#isBusy();
  }

  async handOver(): Promise<void> {
    if (this.#isBusy()) return;
    const since = Date.now();
    this.#busySince = since;
    try {
      // What failed last time, and what has come since.
      if (this.#batch) await this.#offer(this.#batch);
      if (!this.#heap.isEmpty) await this.#offer(this.#next());
    } finally {
      if (this.#busySince === since) this.#busySince = 0;
    }
  }

  /** The occasion that was handing over may have been ended by the runtime, without a word. */
  #isBusy(): boolean {
    const since = Date.now() - this.#busySince;
    return since >= 0 && since < 2 * patienceMs;
  }

  #next() {
    const { things, dropped } = this.#heap.empty();
    this.#source ||= crypto.randomUUID();
    const batch = { source: this.#source, number: ++this.#number, things, dropped: dropped + this.#lost };
    this.#lost = 0;
    this.#batch = { ...batch, offers: 0 };
    return this.#batch;
  }

  async #offer(batch: Batch<T> & { offers: number }): Promise<void> {
    const { offers, ...offered } = batch;
    batch.offers = offers + 1;
    try {
      await withTimeout(this.#sink.take(offered), patienceMs);
      if (this.#batch === batch) this.#batch = undefined;
    } catch (error) {
      if (batch.offers >= maxOffers) {
        this.#lost += batch.things.length + batch.dropped;
        this.#batch = undefined;
      }
      throw error;
    }
  }
}
