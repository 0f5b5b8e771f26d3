import { dayMs, dayOf } from "#src/kernel/clock.ts";
import type { RecommendationAlgorithm } from "#src/kernel/recommendation-words.ts";
import type { ListQuality } from "#src/objects/recommendations-api.ts";

/** Days for which what comes of a list is counted. */
const countedDays = 7;

/** Days for which it is known which items were shown. */
const coveredDays = 400;

/** Lists that are let go of at a time. */
const forgottenAtOnce = 1000;

/** A list that somebody was shown. */
interface ShownList {
  requestId: string;
  algorithm: RecommendationAlgorithm;
  /** Its items. */
  numbers: readonly number[];
}

/** What comes of lists: how much was shown and clicked, by day and by how the lists were made. */
export class QualityStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** A list has been shown: each counts once. */
  shown({ requestId, algorithm, numbers }: ShownList, now: number): void {
    const day = dayOf(now);
    const { rowsWritten } = this.#sql.exec(
      `INSERT INTO list_requests (request_id, algorithm, day) VALUES (?, ?, ?)
       ON CONFLICT (request_id) DO NOTHING`,
      requestId,
      algorithm,
      day,
    );
    if (rowsWritten === 0) return;
    this.#sql.exec(
      `INSERT INTO list_quality (day, algorithm, lists, impressions, clicks) VALUES (?, ?, 1, ?, 0)
       ON CONFLICT (day, algorithm) DO UPDATE SET
         lists = lists + 1, impressions = impressions + excluded.impressions`,
      day,
      algorithm,
      numbers.length,
    );
    for (const number of numbers)
      this.#sql.exec("INSERT OR IGNORE INTO shown_items (day, number) VALUES (?, ?)", day, number);
  }

  /** How many distinct items were shown on some days. */
  shownBetween(from: number, to: number): number {
    return this.#sql
      .exec<{ shown: number }>(
        "SELECT count(DISTINCT number) AS shown FROM shown_items WHERE day >= ? AND day <= ?",
        from,
        to,
      )
      .one().shown;
  }

  /** Something of a list was clicked: it counts for the day of the list. */
  clicked(requestId: string): void {
    this.#sql.exec(
      `UPDATE list_quality SET clicks = clicks + 1
       WHERE (day, algorithm) = (SELECT day, algorithm FROM list_requests WHERE request_id = ?)`,
      requestId,
    );
  }

  between(from: number, to: number): ListQuality[] {
    return this.#sql
      .exec<ListQuality>(
        `SELECT day, algorithm, lists, impressions, clicks FROM list_quality
         WHERE day >= ? AND day <= ? ORDER BY day, algorithm`,
        from,
        to,
      )
      .toArray();
  }

  /** Until when the oldest list is counted: their ids are in the order of time. */
  get countedUntil(): number | null {
    const [oldest] = this.#sql
      .exec<{ day: number }>("SELECT day FROM list_requests ORDER BY request_id LIMIT 1")
      .toArray();
    return oldest ? (oldest.day + countedDays + 1) * dayMs : null;
  }

  /** Lets go of lists that are no longer counted. */
  forget(now: number): void {
    this.#sql.exec("DELETE FROM shown_items WHERE day < ?", dayOf(now) - coveredDays);
    this.#sql.exec(
      `DELETE FROM list_requests WHERE day < ? AND request_id IN (
         SELECT request_id FROM list_requests ORDER BY request_id LIMIT ?)`,
      dayOf(now) - countedDays,
      forgottenAtOnce,
    );
  }
}
