import { env } from "cloudflare:workers";
import { platformMetricsName } from "#src/objects/platform-metrics-api.ts";
import { type Labels, labelValues, type MetricName } from "#src/observability/metrics/catalogue.ts";
import { type Sample, seriesOf } from "#src/observability/metrics/sample.ts";
import { metricsNow } from "#src/system/index.ts";
import { testPlatform } from "./platform-in-process.ts";

/** The object that adds up what isolates have counted. */
export const platformMetrics = () => env.PLATFORM_METRICS.getByName(platformMetricsName);

/** How often something was measured, or how much was counted. */
export const amountOf = ({ value, buckets }: Sample): number =>
  buckets ? buckets.reduce((sum, counted) => sum + counted, 0) : value;

/** What a series of a metric has come to in the whole platform; 0 while nothing has happened. */
export async function metricNow<N extends MetricName>(metric: N, labels: Labels<N>): Promise<number> {
  const wanted = seriesOf({ labels: labelValues(metric, labels) });
  const samples = await metricsNow(testPlatform());
  const found = samples.find((sample) => sample.metric === metric && seriesOf(sample) === wanted);
  return found ? amountOf(found) : 0;
}
