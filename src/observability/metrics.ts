/**
 * Every figure with its labels, in the order in which they are stored: new ones are added at the end. A label takes few
 * values; what names a thing belongs into a log line.
 */
const figures = {
  /** A request that was answered, and the milliseconds that it took. */
  request: ["method", "route", "status"],
  /** A call that was let through because its caller's limits could not be asked for. */
  uncounted_call: [],
} as const;

type Figure = keyof typeof figures;
type Labels<F extends Figure> = Record<(typeof figures)[F][number], string>;

/** Where figures go: what happens so often that one looks at sums and shares of it. */
export interface Metrics {
  record<F extends Figure>(figure: F, labels: Labels<F>, value: number): void;
}

export interface MetricsBindings {
  /** Bound where somebody looks at figures (docs/deployment.md). */
  METRICS?: AnalyticsEngineDataset;
}

/** Data points of Analytics Engine: the figure as index and first blob, its labels as the blobs behind, the value as double. */
const dataPointsIn = (dataset: AnalyticsEngineDataset): Metrics => ({
  record(figure, labels, value) {
    const names: readonly (keyof typeof labels)[] = figures[figure];
    dataset.writeDataPoint({
      indexes: [figure],
      blobs: [figure, ...names.map((name) => labels[name])],
      doubles: [value],
    });
  },
});

const known = new WeakMap<AnalyticsEngineDataset, Metrics>();

/** Where a Worker's figures go; nowhere, and nothing is made of them, unless a dataset is bound. */
export function metricsOf({ METRICS }: MetricsBindings): Metrics | undefined {
  if (METRICS === undefined) return undefined;
  const metrics = known.get(METRICS) ?? dataPointsIn(METRICS);
  known.set(METRICS, metrics);
  return metrics;
}
