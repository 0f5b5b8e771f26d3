import type { UsageSeries } from "../../data/usage.ts";

const columns = [
  "count",
  "completed",
  "failed",
  "fuel",
  "tokens_in",
  "tokens_out",
  "cost_micros",
  "duration_ms",
] as const;

/** A series by the day as CSV: numbers and dates only, so nothing of it has to be quoted. */
export function csvOf({ series }: UsageSeries): string {
  const rows = (series[0]?.points ?? []).map((point) => [
    point.at.slice(0, 10),
    ...columns.map((name) => point[name]),
  ]);
  return [["day", ...columns], ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}
