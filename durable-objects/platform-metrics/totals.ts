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
