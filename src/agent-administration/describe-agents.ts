import { isoTimeOrNull } from "#src/kernel/clock.ts";
import { type InstanceRow, instanceViews } from "#src/personas/index.ts";
import type { Platform } from "#src/platform.ts";
import type { RunRow } from "#src/read-models/index.ts";
import { healthOf } from "./agent-health.ts";
import { recentRuns, usageTotals } from "./agent-repository.ts";
import type { Agent } from "./agent-schemas.ts";

export interface DescribedAgent {
  agent: Agent;
  /** Newest first. */
  runs: RunRow[];
}

/** Instances with what the read models know of their usage and health. */
export async function describeAgents(
  { db, clock }: Pick<Platform, "db" | "clock">,
  instances: readonly InstanceRow[],
): Promise<DescribedAgent[]> {
  const views = await instanceViews(db, instances);
  return Promise.all(
    views.map(async ({ instance, view, template }) => {
      const [[totals], recent] = await db.batch([usageTotals(db, instance), recentRuns(db, instance)]);
      return {
        runs: recent,
        agent: {
          ...view,
          template_name: template?.name ?? null,
          usage: {
            total_executions: totals?.total ?? 0,
            successful_runs: totals?.completed ?? 0,
            failed_runs: totals?.failed ?? 0,
            average_run_time_ms: Math.round(totals?.averageMs ?? 0),
            last_execution_time: isoTimeOrNull(totals?.lastAt ?? null),
            fuel_consumed: totals?.fuel ?? 0,
          },
          health: healthOf(instance.isActive, recent, totals?.queued ?? 0, clock.now()),
        },
      };
    }),
  );
}
