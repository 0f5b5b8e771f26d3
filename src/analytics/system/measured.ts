import { type MetricName, metricOf } from "#src/observability/metrics/catalogue.ts";
import type { Sample } from "#src/observability/metrics/sample.ts";

const requests: MetricName = "ai_persona_http_requests_total";
const requestTimes: MetricName = "ai_persona_http_request_duration_seconds";
const calls: MetricName = "ai_persona_ai_service_requests_total";
const callTimes: MetricName = "ai_persona_ai_service_latency_seconds";

const ofApi = /^\/api\/(?:v1\/)?([^/]+)/;
const groupOf = ({ labels: [, route = ""] }: Sample): string | undefined => ofApi.exec(route)?.[1];

const total = (samples: readonly Sample[]): number => samples.reduce((sum, { value }) => sum + value, 0);
const share = (part: number, whole: number): number => (whole === 0 ? 0 : Math.min(1, part / whole));

/** Within which bound a share of what was measured is, in milliseconds; null where that is none, or above all bounds. */
function boundOf(metric: MetricName, samples: readonly Sample[], part: number): number | null {
  const row = metricOf(metric);
  if (row.type !== "histogram") return null;
  const counts = row.buckets.map((_, at) =>
    samples.reduce((sum, { buckets }) => sum + (buckets?.[at] ?? 0), 0),
  );
  const above = samples.reduce((sum, { buckets }) => sum + (buckets?.[row.buckets.length] ?? 0), 0);
  const rank = part * (counts.reduce((sum, count) => sum + count, 0) + above);
  if (rank === 0) return null;
  let within = 0;
  for (const [at, count] of counts.entries()) {
    within += count;
    if (within >= rank) return 1000 * (row.buckets[at] ?? 0);
  }
  return null;
}

const latencyOf = (metric: MetricName, samples: readonly Sample[]) => ({
  p50_ms: boundOf(metric, samples, 0.5),
  p95_ms: boundOf(metric, samples, 0.95),
  p99_ms: boundOf(metric, samples, 0.99),
});

/** Requests of the API, of what was counted and measured of all of them: together, and by the first part of their path. */
export function requestFigures(samples: readonly Sample[]) {
  const counted = samples.filter((sample) => sample.metric === requests && groupOf(sample));
  const measured = samples.filter((sample) => sample.metric === requestTimes && groupOf(sample));
  const of = (group?: string) => {
    const fits = (sample: Sample) => group === undefined || groupOf(sample) === group;
    const own = counted.filter(fits);
    const failed = own.filter(({ labels: [, , status = ""] }) => Number(status) >= 500);
    return {
      count: total(own),
      error_share: share(total(failed), total(own)),
      ...latencyOf(requestTimes, measured.filter(fits)),
    };
  };
  const groups = [...new Set(counted.flatMap((sample) => groupOf(sample) ?? []))]
    .map((name) => ({ name, ...of(name) }))
    .sort((a, b) => b.count - a.count);
  return { ...of(), groups };
}

/** Calls of a provider. */
export function providerFigures(samples: readonly Sample[], provider: string) {
  const isTheirs = ({ labels: [name] }: Sample) => name === provider;
  const own = samples.filter((sample) => sample.metric === calls && isTheirs(sample));
  const measured = samples.filter((sample) => sample.metric === callTimes && isTheirs(sample));
  return {
    calls: total(own),
    errors: total(own.filter(({ labels: [, status] }) => status !== "success")),
    ...latencyOf(callTimes, measured),
  };
}
