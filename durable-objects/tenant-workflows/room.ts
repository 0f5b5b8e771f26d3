import { type Outcome, refusal } from "#src/kernel/outcome.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";

/** Parts of an object's storage: when finished runs leave early, and when no new run begins any more. */
const shares = { crowded: 0.5, full: 0.95 };

/** While there is more than enough room, so many runs begin before it is looked at again: each look costs much of a run. */
const maxUnseen = 50;

/** When whoever was refused may ask again, in seconds. */
const retryAfter = 30;

/** Whether SQLite has no room left for a write. What it was part of has not happened. */
const isOutOfRoom = (error: unknown): boolean =>
  error instanceof Error && error.message.includes("SQLITE_FULL");

interface Parts {
  storage: Pick<DurableObjectStorage, "sql">;
  /** Bytes that the object may have. */
  maxBytes: number;
  logger: Logger;
}

/** How much room an object's storage has left, and what becomes of a call when there is none. */
export class Room {
  readonly #parts: Parts;
  /** A write has found no room, and nothing was moved away since. */
  #hasOverflowed = false;
  /** The share that was taken when it was last looked at, and what has begun since. */
  #seen = { share: 1, begun: 0 };

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Finished runs are moved away before their time. */
  get isCrowded(): boolean {
    return this.#hasOverflowed || this.#share > shares.crowded;
  }

  get #isFull(): boolean {
    if (this.#seen.share > shares.crowded || ++this.#seen.begun > maxUnseen)
      this.#seen = { share: this.#share, begun: 0 };
    return this.#seen.share > shares.full;
  }

  get #share(): number {
    const { storage, maxBytes } = this.#parts;
    return storage.sql.databaseSize / maxBytes;
  }

  /** Something was moved away. */
  cleared(): void {
    this.#hasOverflowed = false;
  }

  /**
   * Begins something, unless there is no room for it: what goes on already needs the rest to come to its end.
   * @param overflowed is called when a write has found no room
   */
  begin<T>(work: () => Outcome<T>, overflowed: () => void): Outcome<T> {
    if (this.#isFull) return full();
    return this.attempt(work, () => {
      overflowed();
      return full();
    });
  }

  /** Does something; where a write finds no room, what `overflowed` gives instead. */
  attempt<T>(work: () => T, overflowed: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isOutOfRoom(error)) throw error;
      this.#hasOverflowed = true;
      this.#parts.logger.error("the object's storage is full", errorFields(error));
      return overflowed();
    }
  }
}

const full = () =>
  refusal("UPSTREAM_UNAVAILABLE", "The tenant's storage has no room for another run at present", {
    retry_after: retryAfter,
  });
