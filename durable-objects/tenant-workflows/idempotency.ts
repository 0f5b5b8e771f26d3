/** How long a caller's `Idempotency-Key` is remembered. */
const lifetimeMs = 24 * 3_600_000;

/** Which run a caller's key made. */
export class Idempotency {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  find(key: string, now: number): { bodyDigest: string; runId: string } | undefined {
    const [row] = this.#sql
      .exec<{ body_digest: string; run_id: string }>(
        "SELECT body_digest, run_id FROM idempotency WHERE key = ? AND expires_at > ?",
        key,
        now,
      )
      .toArray();
    return row && { bodyDigest: row.body_digest, runId: row.run_id };
  }

  put({ key, bodyDigest, runId }: { key: string; bodyDigest: string; runId: string }, now: number): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO idempotency (key, body_digest, run_id, expires_at) VALUES (?, ?, ?, ?)",
      key,
      bodyDigest,
      runId,
      now + lifetimeMs,
    );
  }

  prune(now: number): void {
    this.#sql.exec("DELETE FROM idempotency WHERE expires_at <= ?", now);
  }
}
