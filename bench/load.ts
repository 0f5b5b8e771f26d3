/** Summary of timed calls, in milliseconds. */
export interface Timing {
  median: number;
  p95: number;
  /** Calls per second over the whole measurement. */
  perSecond: number;
}

/** How many calls, and how many of them at a time. */
export interface Load {
  count: number;
  concurrency?: number;
}

/** Calls `work` so often, so many at a time, and times each call. */
export async function timed(
  work: (index: number) => Promise<unknown>,
  { count, concurrency = 1 }: Load,
): Promise<Timing> {
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
 * Measures several things by turns, so that whatever else the machine does meets all of them.
 * @param rate what the middle turn of each is chosen by
 * @returns the middle turn of each
 */
export async function byTurns<N extends string, T>(
  contenders: Readonly<Record<N, () => Promise<T>>>,
  { turns, rate }: { turns: number; rate: (measured: T) => number },
): Promise<(name: N) => T> {
  const measured = new Map<string, T[]>();
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, measure] of Object.entries<() => Promise<T>>(contenders)) {
      measured.set(name, [...(measured.get(name) ?? []), await measure()]);
    }
  }
  return (name) => {
    const sorted = (measured.get(name) ?? []).toSorted((a, b) => rate(a) - rate(b));
    const middle = sorted[Math.floor(sorted.length / 2)];
    if (middle === undefined) throw new Error(`${name} was not measured`);
    return middle;
  };
}

/** Times calls of two kinds by turns; the middle turn of each. */
export async function besideEachOther(
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
  { turns, ...load }: Load & { turns: number },
): Promise<[first: Timing, second: Timing]> {
  const contenders = { first: () => timed(first, load), second: () => timed(second, load) };
  const middle = await byTurns(contenders, { turns, rate: ({ perSecond }) => perSecond });
  return [middle("first"), middle("second")];
}
