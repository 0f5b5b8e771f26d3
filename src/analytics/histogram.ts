/** How much longer the things of a bucket are than those of the one before, at most. */
const growth = 1.1;
const step = Math.log(growth);

/** Lengths by buckets, each a tenth wider than the one before: a bucket's number and how many are in it. Sums are additions. */
export type Histogram = ReadonlyMap<number, number>;

/** The bucket that a length is in; what is shorter than 1 is in the first. */
export const bucketOf = (length: number): number =>
  length < 1 ? 0 : 1 + Math.floor(Math.log(length) / step);

/** A length that differs from none of its bucket by more than 5 %; 0 in the first. */
export const lengthOf = (bucket: number): number =>
  bucket === 0 ? 0 : (2 * growth ** bucket) / (1 + growth);

/** Both together. */
export function plusHistogram(one: Histogram, other: Histogram): Histogram {
  const sum = new Map(one);
  for (const [bucket, count] of other) sum.set(bucket, (sum.get(bucket) ?? 0) + count);
  return sum;
}

/** The length that a share of all do not exceed, give or take 5 %; null where there are none. */
export function percentile(histogram: Histogram, share: number): number | null {
  const buckets = [...histogram].filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  const rank = Math.max(1, Math.ceil(share * total));
  let passed = 0;
  for (const [bucket, count] of buckets) {
    passed += count;
    if (passed >= rank) return lengthOf(bucket);
  }
  return null;
}
