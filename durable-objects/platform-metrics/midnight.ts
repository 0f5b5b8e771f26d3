import { z } from "zod";
import type { MetricName } from "#src/observability/metrics/catalogue.ts";
import { type Sample, sampleSchema, seriesOf } from "#src/observability/metrics/sample.ts";
import { type Series, since } from "./totals.ts";

/** Metrics of which it is asked what they have come to today. */
const toldByDay: readonly MetricName[] = [
  "ai_persona_http_requests_total",
  "ai_persona_http_request_duration_seconds",
];

const storedSchema = z.array(sampleSchema);

/**
 * What some metrics had come to when the day began (UTC): what they have come to since is the difference, and nobody
 * writes a row for it but once a day.
 */
export class Midnight {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(
      "CREATE TABLE IF NOT EXISTS midnight (name TEXT PRIMARY KEY, day INTEGER NOT NULL, series TEXT NOT NULL) WITHOUT ROWID",
    );
  }

  /**
   * Keeps how everything stands, where a day has begun; before the first of what belongs to it is added. A clock that was
   * set back begins no day again.
   * @param day days since 1970-01-01
   */
  keep(day: number, metrics: ReadonlyMap<string, Series>): void {
    const kept = this.#sql.exec("SELECT 1 FROM midnight WHERE day >= ? LIMIT 1", day).toArray();
    if (kept.length > 0) return;
    for (const name of toldByDay)
      this.#sql.exec(
        "INSERT OR REPLACE INTO midnight (name, day, series) VALUES (?, ?, ?)",
        name,
        day,
        JSON.stringify([...(metrics.get(name)?.values() ?? [])]),
      );
  }

  /** What has been added on a day; nothing, where it has not begun or is over. */
  since(day: number, metrics: ReadonlyMap<string, Series>): Sample[] {
    const rows = this.#sql.exec<{ name: string; series: string }>(
      "SELECT name, series FROM midnight WHERE day = ?",
      day,
    );
    return rows.toArray().flatMap(({ name, series }) => {
      const before = storedSchema.parse(JSON.parse(series)).map((one) => [seriesOf(one), one] as const);
      return since(metrics.get(name) ?? new Map(), new Map(before));
    });
  }
}
