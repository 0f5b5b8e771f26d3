import type { MetricName } from "#src/observability/metrics/catalogue.ts";
import type { Sample } from "#src/observability/metrics/sample.ts";

/** How the calls of a day went. */
export interface CallsToday {
  count: number;
  /** Those of them whose answer had a status of 500 or above. */
  failed: number;
  /** Until their answers began, all together. */
  durationMs: number;
}

const requests: MetricName = "ai_persona_http_requests_total";
const durations: MetricName = "ai_persona_http_request_duration_seconds";

/** Of both metrics the second label is the route. */
const isOfApi = ({ labels: [, route = ""] }: Sample): boolean => route.startsWith("/api/");

/** The calls of the API, of all requests that were counted and measured on a day. */
export function callsToday(samples: readonly Sample[]): CallsToday {
  const sumOf = (metric: MetricName, which: (sample: Sample) => boolean = () => true) =>
    samples
      .filter((sample) => sample.metric === metric && isOfApi(sample) && which(sample))
      .reduce((sum, { value }) => sum + value, 0);
  return {
    count: sumOf(requests),
    failed: sumOf(requests, ({ labels: [, , status = ""] }) => Number(status) >= 500),
    durationMs: 1000 * sumOf(durations),
  };
}
