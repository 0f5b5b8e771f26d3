import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import type { Keeper } from "./keeper.ts";

type ExportRow = { number: number; begun_at: number; ended_at: number | null };

const dayMs = 86_400_000;

/** So many exports of a person within a day; one that has not ended after so long is not waited for. */
const bounds = { perDay: 3, longestMs: 15 * 60_000 };

/** Has persons take with them what is known of them, one at a time and not too often. */
export class ExportDesk implements Keeper {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  begin(personId: string, now: number): Outcome<{ number: number }> {
    this.#sql.exec("DELETE FROM data_exports WHERE person_id = ? AND begun_at <= ?", personId, now - dayMs);
    const before = this.#sql
      .exec<ExportRow>("SELECT * FROM data_exports WHERE person_id = ? ORDER BY number", personId)
      .toArray();
    const running = before.find(
      ({ begun_at, ended_at }) => ended_at === null && begun_at > now - bounds.longestMs,
    );
    if (running) return tooMany(running.begun_at + bounds.longestMs - now);
    const [oldest] = before;
    if (oldest && before.length >= bounds.perDay) return tooMany(oldest.begun_at + dayMs - now);
    const number = (before.at(-1)?.number ?? 0) + 1;
    this.#sql.exec(
      "INSERT INTO data_exports (person_id, number, begun_at, ended_at) VALUES (?, ?, ?, NULL)",
      personId,
      number,
      now,
    );
    return success({ number });
  }

  end(personId: string, number: number, now: number): void {
    this.#sql.exec(
      "UPDATE data_exports SET ended_at = ? WHERE person_id = ? AND number = ? AND ended_at IS NULL",
      now,
      personId,
      number,
    );
  }

  withdraw(): void {
    // Whoever agrees to nothing may still take theirs with them.
  }

  erase(personId: string): void {
    this.#sql.exec("DELETE FROM data_exports WHERE person_id = ?", personId);
  }

  dataOf(): Record<string, unknown> {
    return {};
  }
}

const tooMany = (ms: number) =>
  refusal("RATE_LIMITED", "One export at a time, three a day", {
    retry_after: Math.max(1, Math.ceil(ms / 1000)),
  });
