import type { BreakerStatus } from "#src/objects/circuit-breaker-api.ts";
import { errorFields } from "#src/observability/logger.ts";
import { type Labels, labelValues, type MetricName } from "#src/observability/metrics/catalogue.ts";
import type { Sample } from "#src/observability/metrics/sample.ts";
import type { Platform } from "#src/platform.ts";
import { providerNames } from "#src/providers/index.ts";
import { countOpenRuns, openStatuses } from "#src/read-models/index.ts";
import { type MeasuredQueues, queuesNow } from "../queues-now.ts";

type Source = Pick<Platform, "db" | "clock" | "objects" | "log"> & { queues: MeasuredQueues };

const sample = <N extends MetricName>(metric: N, labels: Labels<N>, value: number): Sample => ({
  metric,
  labels: labelValues(metric, labels),
  value,
});

/** As they were in the system before. */
const stateNumbers: Readonly<Record<BreakerStatus, number>> = { closed: 0, open: 1, half_open: 2 };

async function breakersNow({ objects }: Source): Promise<Sample[]> {
  const views = await Promise.all(providerNames.map((provider) => objects.breaker(provider).view()));
  return views.flatMap(({ provider, status, trips }) => [
    sample("ai_persona_circuit_breaker_state", { provider }, stateNumbers[status]),
    sample("ai_persona_circuit_breaker_trips_total", { provider }, trips),
  ]);
}

async function lagsNow({ queues, clock }: Source): Promise<Sample[]> {
  const measured = await queuesNow(queues);
  const now = clock.now();
  return measured.flatMap(({ queue, backlog, oldest_message_at }) => [
    sample("ai_persona_queue_consumer_lag", { queue }, backlog),
    sample("ai_persona_queue_consumer_lag_seconds", { queue }, secondsSince(oldest_message_at, now)),
  ]);
}

const secondsSince = (time: string | null, now: number): number =>
  time === null ? 0 : Math.max(0, now - Date.parse(time)) / 1000;

async function runsNow({ db }: Source): Promise<Sample[]> {
  const counts = await countOpenRuns(db);
  const openOf = (wanted: string) => counts.find(({ status }) => status === wanted)?.open ?? 0;
  return openStatuses.map((status) => sample("ai_persona_active_workflows", { status }, openOf(status)));
}

const asked = { breakers: breakersNow, queues: lagsNow, executions: runsNow };

/**
 * Every metric as it is now: what isolates have handed over until a few seconds ago, and what can be asked at any time.
 * What of that does not answer is left out and logged.
 * @throws when there is no answer from the object that adds up
 */
export async function metricsNow(source: Source): Promise<Sample[]> {
  const gauges = Object.entries(asked).map(async ([what, ask]) => {
    try {
      return await ask(source);
    } catch (error) {
      source.log.warn("not measured", { what, ...errorFields(error) });
      return [];
    }
  });
  const [counted, ...measured] = await Promise.all([source.objects.metrics().read(), ...gauges]);
  return [...counted, ...measured.flat()];
}
