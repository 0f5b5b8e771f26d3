import type { Configuration } from "#src/configuration/index.ts";
import type { JobRow } from "#src/jobs/index.ts";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import type { BreakerView } from "#src/objects/circuit-breaker-api.ts";
import type { Sample } from "#src/observability/metrics/sample.ts";
import type { SystemHealth } from "../health/schemas.ts";
import { totalOf } from "../queues-now.ts";
import type { ServiceStatus, SystemStatus } from "./schemas.ts";
import { durationText, sizeText } from "./units.ts";

/** What is known of the platform; undefined is what did not answer. */
interface Known {
  now: number;
  startedAt: number;
  health: SystemHealth;
  databaseBytes: number | undefined;
  queues: readonly { consumer: string; backlog: number; oldest_message_at: string | null }[] | undefined;
  topics: number | undefined;
  breakers: readonly BreakerView[];
  counted: readonly Sample[];
  jobs: readonly JobRow[];
  maintenance: Configuration["maintenance"];
}

/** Who has let a message wait for so long does not keep up. */
const lateMs = 60_000;

const calls = "ai_persona_ai_service_requests_total";

/** Everything together as the API shows it (docs/operations.md#status). */
export function statusView(known: Known): SystemStatus {
  const services = servicesOf(known);
  const isBehind =
    Object.values(services).some(({ status }) => status !== "healthy") ||
    known.jobs.some(({ outcome }) => outcome === "failed");
  const { status } = known.health;
  return {
    status: status === "healthy" && isBehind ? "degraded" : status,
    timestamp: isoTime(known.now),
    services,
    databases: { d1: databaseOf(known) },
    kafka: {
      status: known.queues ? "healthy" : "unhealthy",
      broker_count: known.queues?.length ?? 0,
      topic_count: known.topics ?? null,
      total_consumer_lag: known.queues ? totalOf(known.queues.map(({ backlog }) => backlog)) : null,
    },
    breakers: Object.fromEntries(
      known.breakers.map((view) => [view.provider, breakerOf(view, known.counted)]),
    ),
    jobs: known.jobs.map((row) => jobOf(row, known.now)),
    maintenance: { enabled: known.maintenance.enabled, message: known.maintenance.message },
  };
}

/** The gateway, which answers; the objects, of which one was asked; consumers, by what waits for them. */
function servicesOf({ now, startedAt, health, queues = [] }: Known): Record<string, ServiceStatus> {
  const consumers = Map.groupBy(queues, ({ consumer }) => consumer);
  const consuming = [...consumers].map(([name, own]): ServiceStatus => {
    const isLate = own.some(({ oldest_message_at: at }) => at !== null && now - Date.parse(at) >= lateMs);
    return { name, status: isLate ? "degraded" : "healthy" };
  });
  const uptime = durationText(now - startedAt);
  const areObjectsUp = health.dependencies.tenant_objects?.status === "up";
  const all: ServiceStatus[] = [
    { name: health.service, status: "healthy", version: health.version, uptime },
    { name: "persona-objects", status: areObjectsUp ? "healthy" : "unhealthy" },
    ...consuming,
  ];
  return Object.fromEntries(all.map((service) => [service.name, service]));
}

function databaseOf({ health, databaseBytes: bytes }: Known): SystemStatus["databases"][string] {
  const { status, latency_ms } = health.dependencies.d1 ?? { status: "down", latency_ms: 0 };
  return {
    name: "d1",
    status: status === "up" ? "healthy" : "unhealthy",
    active_connections: 0,
    size: bytes === undefined ? null : sizeText(bytes),
    size_bytes: bytes ?? null,
    latency_ms,
  };
}

function breakerOf(view: BreakerView, counted: readonly Sample[]): SystemStatus["breakers"][string] {
  const callsOf = (wanted: (status: string) => boolean) =>
    totalOf(
      counted
        .filter(({ metric, labels: [provider] }) => metric === calls && provider === view.provider)
        .filter(({ labels: [, status = ""] }) => wanted(status))
        .map(({ value }) => value),
    );
  return {
    adapter: view.provider,
    circuit_breaker: view.status,
    circuit_counts: {
      requests: callsOf(() => true),
      total_successes: callsOf((status) => status === "ok"),
      total_failures: callsOf((status) => status !== "ok"),
      consecutive_failures: view.consecutiveFailures,
    },
    trips: view.trips,
    retry_at: isoTimeOrNull(view.retryAt),
    is_off: view.isOff ?? false,
  };
}

const jobOf = (row: JobRow, now: number): SystemStatus["jobs"][number] => ({
  job: row.job,
  is_running: row.leaseUntil > now,
  started_at: isoTime(row.startedAt),
  finished_at: isoTimeOrNull(row.finishedAt),
  outcome: row.outcome,
  error: row.error,
  duration_ms: row.durationMs,
  count: row.count,
  runs: row.runs,
  failures: row.failures,
});
