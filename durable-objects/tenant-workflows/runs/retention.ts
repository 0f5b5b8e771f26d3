import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import { viewOf } from "#src/objects/run-projection.ts";
import { archivedTasks, taskViewsOf } from "#src/objects/task-projection.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import type { Room } from "../room.ts";
import type { RunArchive } from "./run-archive.ts";
import type { RunStore } from "./run-store.ts";

interface Parts {
  storage: Pick<DurableObjectStorage, "transactionSync">;
  runs: RunStore;
  archive: RunArchive;
  room: Room;
  /** How long a finished run stays in the object. */
  retentionMs: number;
  logger: Logger;
}

/** Runs moved away at a time, so that a long absence is caught up with in small pieces. */
const sweepSize = 50;

/** Runs that go to the archive side by side: an invocation has six connections. */
const maxUploads = 4;

/** Runs of an earlier build that are folded per alarm. */
const foldSize = 20;

/** The alarm does not wait for a slow archive, so it may ring while a sweep is under way; after this one counts as dead. */
const deadAfterMs = 60_000;

/** Moves finished runs out of the object, by age and while its storage is crowded: first into the archive, then out of the tables. */
export class Retention {
  readonly #parts: Parts;
  #busySince = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Not twice at once. A crash in between only archives the same runs again. */
  async sweep(now: number): Promise<void> {
    await this.alone(now, async () => {
      // Room first: what is folded takes some.
      while ((await this.#moveAway(now)) && this.#busySince === now);
      this.#fold();
    });
  }

  /** Does something to runs while none of them is being moved; undefined, and nothing is done, while some are. */
  async alone<T>(now: number, work: () => Promise<T>): Promise<T | undefined> {
    if (now - this.#busySince < deadAfterMs) return undefined;
    this.#busySince = now;
    try {
      return await work();
    } finally {
      if (this.#busySince === now) this.#busySince = 0;
    }
  }

  #fold(): void {
    const { runs, storage, logger } = this.#parts;
    try {
      storage.transactionSync(() => runs.foldEnded(foldSize));
    } catch (error) {
      logger.error("runs of releases before not folded; it is tried again", errorFields(error));
    }
  }

  /** Gives whether it went well and the storage is crowded still. */
  async #moveAway(now: number): Promise<boolean> {
    const { runs, room, retentionMs } = this.#parts;
    const due = runs.endedBefore(room.isCrowded ? now + 1 : now - retentionMs, sweepSize);
    const moved = await mapConcurrent(due, maxUploads, (id) => this.#moveRun(id));
    if (moved.includes(true)) room.cleared();
    return moved.includes(true) && room.isCrowded;
  }

  async #moveRun(id: string): Promise<boolean> {
    const { runs, archive, storage, logger } = this.#parts;
    try {
      const children = runs.descendantsOf(id);
      // The run itself last: once it is in the archive, so is all that it names.
      for (const child of [...children, id]) await this.#archive(child);
      await archive.forgetPayloads([id, ...children]);
      storage.transactionSync(() => runs.remove(id));
      return true;
    } catch (error) {
      logger.error("finished run not archived; it is tried again", { run: id, ...errorFields(error) });
      return false;
    }
  }

  async #archive(id: string): Promise<void> {
    const { runs, archive } = this.#parts;
    const run = runs.load(id);
    if (!run) return;
    const children = runs.childrenOf(run);
    const tasks = archivedTasks(taskViewsOf(run, children));
    await archive.put({ view: viewOf(run, children), tasks }, run.header.userId);
  }
}
