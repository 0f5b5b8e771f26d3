import type { Batch } from "#src/observability/hand-over.ts";

/** A source that has been silent for so long hands nothing over again that it has handed over before. */
const silentMs = 3_600_000;
/** How often those are forgotten. */
const sweepMs = 600_000;

/** Which batches an object has taken, so that each counts once however often it comes. */
export class HeardBatches {
  readonly #storage: Pick<DurableObjectStorage, "sql" | "transactionSync">;
  #sweptAt = 0;

  constructor(storage: Pick<DurableObjectStorage, "sql" | "transactionSync">) {
    this.#storage = storage;
    storage.sql.exec(`CREATE TABLE IF NOT EXISTS sources (
      id TEXT PRIMARY KEY, number INTEGER NOT NULL, heard_at INTEGER NOT NULL) WITHOUT ROWID`);
  }

  /**
   * Does something for a batch that has not come before, in one transaction with noting that it has.
   * @param now epoch milliseconds
   * @returns what came of it; undefined for a batch that has come before
   */
  once<T>(
    { source, number }: Pick<Batch<unknown>, "source" | "number">,
    now: number,
    work: () => T,
  ): T | undefined {
    const { sql } = this.#storage;
    const done = this.#storage.transactionSync(() => {
      // A source's batches come one after the other: a number that is not above its last has come before.
      const seen = sql.exec("SELECT 1 FROM sources WHERE id = ? AND number >= ?", source, number).toArray();
      if (seen.length > 0) return undefined;
      sql.exec(
        `INSERT INTO sources (id, number, heard_at) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET number = excluded.number, heard_at = excluded.heard_at`,
        source,
        number,
        now,
      );
      return work();
    });
    if (Math.abs(now - this.#sweptAt) >= sweepMs) {
      this.#sweptAt = now;
      sql.exec("DELETE FROM sources WHERE heard_at < ?", now - silentMs);
    }
    return done;
  }
}
