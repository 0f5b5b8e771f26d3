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

/** Makes calls until everything is compiled and warm, so that nothing of that is measured. */
export async function warm(...calls: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const call of calls) await timed(call, { count: 200, concurrency: 20 });
}

/**
 * Times two kinds of call by turns, so that whatever else the machine does meets
 * both of them. Gives the middle turn of each.
 */
export async function byTurns(
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
  options: { count: number; concurrency?: number; turns: number },
): Promise<[first: Timing, second: Timing]> {
  const turns: [Timing, Timing][] = [];
  for (let turn = 0; turn < options.turns; turn++) {
    turns.push([await timed(first, options), await timed(second, options)]);
  }
  return [middle(turns.map(([timing]) => timing)), middle(turns.map(([, timing]) => timing))];
}

function middle(timings: readonly Timing[]): Timing {
  const sorted = timings.toSorted((a, b) => a.perSecond - b.perSecond);
  const timing = sorted[Math.floor(sorted.length / 2)];
  if (!timing) throw new Error("Nothing was measured");
  return timing;
}
