/** Finished attempts of tasks by agent type: how many, and how many of them failed. */
export type AttemptCounts = Readonly<Record<string, { finished: number; failed: number }>>;

/** Both together. */
export function plusCounts(counts: AttemptCounts, more: AttemptCounts): AttemptCounts {
  const sum = { ...counts };
  for (const [type, { finished, failed }] of Object.entries(more)) {
    const known = sum[type] ?? { finished: 0, failed: 0 };
    sum[type] = { finished: known.finished + finished, failed: known.failed + failed };
  }
  return sum;
}

/** What has come to them; undefined for nothing. */
export function countsSince(before: AttemptCounts, after: AttemptCounts): AttemptCounts | undefined {
  const grown = Object.entries(after).flatMap(([type, { finished, failed }]) => {
    const known = before[type] ?? { finished: 0, failed: 0 };
    const news = { finished: finished - known.finished, failed: failed - known.failed };
    return news.finished > 0 ? [[type, news] as const] : [];
  });
  return grown.length > 0 ? Object.fromEntries(grown) : undefined;
}
