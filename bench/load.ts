/** Summary of timed calls, in milliseconds. */
export interface Timing {
  median: number;
  p95: number;
  /** Calls per second over the whole measurement. */
  perSecond: number;
}

/**
 * Calls `work` `count` times with `concurrency` at once and times each call.
 * The first `warmUp` calls are not counted.
 */
export async function timed(
  work: (index: number) => Promise<unknown>,
  { count, concurrency = 1, warmUp = 0 }: { count: number; concurrency?: number; warmUp?: number },
): Promise<Timing> {
  for (let index = 0; index < warmUp; index++) await work(index);
  const durations: number[] = [];
  let next = 0;
  const begun = performance.now();
  const lane = async () => {
    while (next < count) {
      const index = next++;
      const start = performance.now();
      await work(index);
      durations.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  const perSecond = (count * 1000) / (performance.now() - begun);
  durations.sort((a, b) => a - b);
  const at = (share: number) =>
    durations[Math.min(durations.length - 1, Math.floor(durations.length * share))] ?? 0;
  return { median: at(0.5), p95: at(0.95), perSecond };
}
