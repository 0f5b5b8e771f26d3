import type { RunStatus } from "#src/engine/run-view.ts";

/** How long a caller's `Idempotency-Key` is remembered. */
const lifetimeMs = 24 * 3_600_000;

/** What a caller's key belongs to, and what came of it. */
interface Entry {
  bodyDigest: string;
  /** The run it made, or changed. */
  runId: string;
  /** Status of the run after the change; null where the key made the run. */
  outcome: RunStatus | null;
}

/** Which run a caller's key made, or how the run was answered with it. */
export class Idempotency {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  find(key: string, now: number): Entry | undefined {
    const [row] = this.#sql
      .exec<{ body_digest: string; run_id: string; outcome: RunStatus | null }>(
        "SELECT body_digest, run_id, outcome FROM idempotency WHERE key = ? AND expires_at > ?",
        key,
        now,
      )
      .toArray();
    return row && { bodyDigest: row.body_digest, runId: row.run_id, outcome: row.outcome };
  }

  put({ key, bodyDigest, runId, outcome }: Entry & { key: string }, now: number): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO idempotency (key, body_digest, run_id, outcome, expires_at) VALUES (?, ?, ?, ?, ?)",
      key,
      bodyDigest,
      runId,
      outcome,
      now + lifetimeMs,
    );
  }

  prune(now: number): void {
    this.#sql.exec("DELETE FROM idempotency WHERE expires_at <= ?", now);
  }
}
