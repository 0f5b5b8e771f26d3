import { type MetricName, metricNames, metricOf } from "#src/observability/metrics/catalogue.ts";
import type { Sample } from "#src/observability/metrics/sample.ts";
import type { MetricSeries, SystemMetrics } from "./schemas.ts";

function seriesView(name: MetricName, { labels: values, value, buckets = [] }: Sample): MetricSeries {
  const row = metricOf(name);
  const labels = Object.fromEntries(row.labels.map((label, at) => [label, values[at] ?? ""]));
  if (row.type !== "histogram") return { labels, value };
  let total = 0;
  const bounds = [...row.buckets, null].map((le, at) => {
    total += buckets[at] ?? 0;
    return { le, count: total };
  });
  return { labels, value, count: total, buckets: bounds };
}

/** Every metric of the catalogue as the API shows it. */
export function metricsView(samples: readonly Sample[]): SystemMetrics["metrics"] {
  const byMetric = Map.groupBy(samples, ({ metric }) => metric);
  return metricNames.map((name) => {
    const { type, help } = metricOf(name);
    return { name, type, help, series: (byMetric.get(name) ?? []).map((sample) => seriesView(name, sample)) };
  });
}
