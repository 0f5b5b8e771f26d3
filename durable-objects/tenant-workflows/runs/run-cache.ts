import type { RunState } from "#src/engine/run-state.ts";

interface Kept {
  cache: RunCache;
  run: RunState;
  bytes: number;
}

/** What a run takes beside its texts: its own parts, and each of its steps and tasks. */
const overheadBytes = { run: 2048, part: 512 };

/** The runs that caches hold between them, the one that moved longest ago first. */
export class CacheBudget {
  readonly #kept = new Set<Kept>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a run in, and has those that moved longest ago forgotten while there is too much. */
  take(kept: Kept): void {
    this.#kept.add(kept);
    this.#bytes += kept.bytes;
    for (const oldest of this.#kept) {
      if (this.#bytes <= this.#maxBytes || oldest === kept) break;
      oldest.cache.forget(oldest.run.header.id);
    }
  }

  release(kept: Kept): void {
    if (this.#kept.delete(kept)) this.#bytes -= kept.bytes;
  }
}

/** Objects of a class share an isolate and its 128 MB, however many there are: their caches share one budget. */
const isolateBudget = new CacheBudget(16 * 1024 * 1024);

/** Runs of one object kept in memory, also those that have just ended; what was forgotten is read again. */
export class RunCache {
  readonly #budget: CacheBudget;
  readonly #entries = new Map<string, Kept>();

  constructor(budget = isolateBudget) {
    this.#budget = budget;
  }

  get(id: string): RunState | undefined {
    return this.#entries.get(id)?.run;
  }

  /** @param headerBytes what its header takes, which a child shares with the run above it */
  put(run: RunState, headerBytes: number): void {
    const { header, steps, tasks, dataBytes, inputBytes = 0 } = run;
    this.forget(header.id);
    const parts = Object.keys(steps).length + Object.keys(tasks).length;
    const bytes = headerBytes + dataBytes + inputBytes + overheadBytes.run + parts * overheadBytes.part;
    const kept = { cache: this, run, bytes };
    this.#entries.set(header.id, kept);
    this.#budget.take(kept);
  }

  forget(id: string): void {
    const kept = this.#entries.get(id);
    if (!kept) return;
    this.#entries.delete(id);
    this.#budget.release(kept);
  }
}
