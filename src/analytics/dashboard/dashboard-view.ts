import { tiers } from "#src/kernel/actor.ts";
import { byName } from "#src/objects/usage-day.ts";
import { withoutPrefix } from "#src/text/cut-text.ts";
import type { CallsToday } from "./calls-today.ts";
import type { DashboardRows } from "./dashboard-repository.ts";
import { recentActivity } from "./recent-activity.ts";
import { churnOf, revenueOf } from "./revenue.ts";
import type { Dashboard } from "./schemas.ts";

/** Agents that are shown as most used. */
const maxShown = 10;

interface Health {
  isDatabaseReady: boolean;
  /** Null where the queues do not say. */
  queueDepth: number | null;
  /** Null where nobody says. */
  calls: CallsToday | null;
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** The dashboard as its readers see it (docs/operations.md#dashboard). */
export function dashboardView(
  rows: DashboardRows,
  month: string,
  { isDatabaseReady, queueDepth, calls }: Health,
): Dashboard {
  const countOf = (name: string) => rows.counts.find((row) => row.name === name)?.count ?? 0;
  const usersByTier = Object.fromEntries(
    tiers.map((tier) => [tier, rows.accounts.find((row) => row.tier === tier)?.count ?? 0]),
  );
  const queueStatus = queueDepth === null ? "unhealthy" : "healthy";
  const all = rows.usage.all;
  const attempts = sumOf(rows.agents.map(({ count }) => count));
  return {
    overview: {
      total_clients: countOf("clients"),
      total_users: sumOf(Object.values(usersByTier)),
      active_users_30_days: rows.active,
      total_agent_instances: countOf("instances"),
      total_workflows: (all?.count ?? 0) + rows.open,
      success_rate: rounded(100 * share(rows.month.completed, rows.month.ended)),
      total_revenue_mtd: revenueOf(rows.months, month),
    },
    user_metrics: {
      users_by_tier: usersByTier,
      new_users_today: rows.madeToday,
      new_users_this_week: rows.madeThisWeek,
      churn_rate_monthly: rounded(100 * churnOf(rows.months, month)),
    },
    agent_metrics: {
      agents_by_type: Object.fromEntries(rows.types.map(({ type, count }) => [type, count])),
      most_used_agents: rows.agents.slice(0, maxShown).map(({ key, count }) => ({
        agent_type: withoutPrefix(key, "agent:"),
        usage_count: count,
      })),
      avg_response_time_ms: rounded(share(sumOf(rows.agents.map(({ durationMs }) => durationMs)), attempts)),
    },
    usage_metrics: {
      total_fuel_consumed: all?.fuel ?? 0,
      fuel_by_agent_type: Object.fromEntries(
        Object.entries(byName(rows.usage, "agent")).map(([type, { fuel }]) => [type, fuel]),
      ),
      api_calls_today: calls?.count ?? null,
      storage_used_gb: rows.storedBytes === null ? null : rows.storedBytes / 1e9,
    },
    system_health: {
      database_status: isDatabaseReady ? "healthy" : "unhealthy",
      queue_status: queueStatus,
      kafka_status: queueStatus,
      average_latency_ms: calls && rounded(share(calls.durationMs, calls.count)),
      error_rate_percent: calls && rounded(100 * share(calls.failed, calls.count)),
      active_workflows: rows.open,
      queue_depth: queueDepth,
    },
    recent_activity: recentActivity(rows),
  };
}
