import { type Sample, seriesOf, sumOf } from "#src/observability/metrics/sample.ts";

/** Series of a metric that are told apart; what comes then is counted together, as `other`. */
const maxSeries = 2000;

const togetherAs = "other";

/** What one metric has come to, by series. */
export type Series = ReadonlyMap<string, Sample>;

/**
 * A metric's series after samples were added.
 * @returns also how many could not be, being of a release that measures otherwise
 */
export function added(
  before: Series,
  samples: readonly Sample[],
  most = maxSeries,
): { series: Series; refused: number } {
  const series = new Map(before);
  let refused = 0;
  for (const sample of samples) {
    const isTooMany = series.size >= most && !series.has(seriesOf(sample));
    const counted = isTooMany ? { ...sample, labels: sample.labels.map(() => togetherAs) } : sample;
    const known = series.get(seriesOf(counted));
    const sum = known ? sumOf(known, counted) : counted;
    if (sum) series.set(seriesOf(counted), sum);
    else refused++;
  }
  return { series, refused };
}

/** What has been added to a metric's series since they were as before; those to which nothing was are left out. */
export function since(series: Series, before: Series): Sample[] {
  return [...series].flatMap(([name, sample]) => {
    const was = before.get(name);
    if (!was) return [sample];
    const buckets = sample.buckets?.map((counted, at) => counted - (was.buckets?.[at] ?? 0));
    const added = { ...sample, value: sample.value - was.value, ...(buckets && { buckets }) };
    return added.value !== 0 || buckets?.some((counted) => counted > 0) ? [added] : [];
  });
}
