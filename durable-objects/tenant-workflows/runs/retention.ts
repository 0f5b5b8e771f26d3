import { viewOf } from "#src/objects/run-projection.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import type { RunArchive } from "./run-archive.ts";
import type { RunStore } from "./run-store.ts";

interface Parts {
  storage: DurableObjectStorage;
  runs: RunStore;
  archive: RunArchive;
  /** How long a finished run stays in the object. */
  retentionMs: number;
  logger: Logger;
}

/** Runs moved away per alarm, so that a long absence is caught up with in small pieces. */
const sweepSize = 50;

/** The alarm does not wait for a slow archive, so it may ring while a sweep is under way; after this one counts as dead. */
const deadAfterMs = 60_000;

/** Moves finished runs out of the object: first into the archive, then out of the tables. */
export class Retention {
  readonly #parts: Parts;
  #busySince = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Not twice at once. A crash in between only archives the same run again. */
  async sweep(now: number): Promise<void> {
    if (now - this.#busySince < deadAfterMs) return;
    this.#busySince = now;
    await this.#moveAway(now);
    if (this.#busySince === now) this.#busySince = 0;
  }

  async #moveAway(now: number): Promise<void> {
    const { runs, archive, storage, retentionMs, logger } = this.#parts;
    for (const id of runs.endedBefore(now - retentionMs, sweepSize)) {
      try {
        const children = runs.descendantsOf(id);
        // The run itself last: once it is in the archive, so is all that it names.
        for (const child of [...children, id]) await this.#archive(child);
        await archive.forgetPayloads([id, ...children]);
        storage.transactionSync(() => runs.remove(id));
      } catch (error) {
        logger.error("finished run not archived; it is tried again", { run: id, ...errorFields(error) });
      }
    }
  }

  async #archive(id: string): Promise<void> {
    const { runs, archive } = this.#parts;
    const run = runs.load(id);
    if (run) await archive.put(viewOf(run, runs.childrenOf(run)), run.header.userId);
  }
}
