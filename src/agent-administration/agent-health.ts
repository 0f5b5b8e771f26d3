import type { RunStatus } from "#src/engine/run-view.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { Agent } from "./agent-schemas.ts";

/** A recent run, as far as health is concerned. */
export interface HealthSample {
  status: RunStatus;
  createdAt: number;
  completedAt: number | null;
}

const unhealthyFrom = 50;
const degradedFrom = 10;

/**
 * Health by the latest runs of an instance: the share of failed ones among those
 * that ended, and how long they took. An instance without such runs is healthy.
 */
export function healthOf(
  isActive: boolean,
  recent: readonly HealthSample[],
  queueDepth: number,
  now: number,
): Agent["health"] {
  const ended = recent.filter(({ status }) => status === "completed" || status === "failed");
  const failed = ended.filter(({ status }) => status === "failed").length;
  const times = ended.flatMap(({ createdAt, completedAt }) =>
    completedAt === null ? [] : [completedAt - createdAt],
  );
  const errorRate = ended.length === 0 ? 0 : (100 * failed) / ended.length;
  const status =
    errorRate >= unhealthyFrom ? "unhealthy" : errorRate >= degradedFrom ? "degraded" : "healthy";
  return {
    status: isActive ? status : "disabled",
    error_rate_percent: Math.round(errorRate * 100) / 100,
    avg_response_time_ms:
      times.length === 0 ? 0 : Math.round(times.reduce((sum, time) => sum + time, 0) / times.length),
    last_check_time: isoTime(now),
    queue_depth: queueDepth,
  };
}
