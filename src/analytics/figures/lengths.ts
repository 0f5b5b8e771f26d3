import { dayMs } from "#src/kernel/clock.ts";
import { bucketOf, percentile } from "../histogram.ts";

/** Buckets that there may be of lengths of up to a year. */
export const maxBuckets = bucketOf(366 * dayMs);

/** How many lengths there are, and which half and 95 % of them kept within; of rows by bucket. */
export function lengthsOf(rows: readonly { name: string; n: number }[]) {
  const histogram = new Map(rows.map(({ name, n }) => [Number(name), n]));
  return {
    count: rows.reduce((sum, { n }) => sum + n, 0),
    p50_ms: percentile(histogram, 0.5),
    p95_ms: percentile(histogram, 0.95),
  };
}
