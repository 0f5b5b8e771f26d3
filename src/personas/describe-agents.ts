import { isoTimeOrNull } from "../clock.ts";
import type { Database } from "../db/client.ts";
import type { RunRow } from "../read-models/run-row.ts";
import { healthOf } from "./agent-health.ts";
import { recentRuns, templateNames, usageTotals } from "./agent-repository.ts";
import type { Agent } from "./agent-schemas.ts";
import type { InstanceRow } from "./instance-repository.ts";
import { instanceView } from "./views.ts";

export interface DescribedAgent {
  agent: Agent;
  /** Newest first. */
  recent: RunRow[];
}

/** Instances with what the read models know of their usage and health. */
export async function describeAgents(
  db: Database,
  instances: readonly InstanceRow[],
): Promise<DescribedAgent[]> {
  const names = await templateNames(
    db,
    instances.map(({ templateId }) => templateId),
  );
  return Promise.all(
    instances.map(async (instance) => {
      const [[totals], recent] = await db.batch([usageTotals(db, instance), recentRuns(db, instance)]);
      return {
        recent,
        agent: {
          ...instanceView(instance),
          template_name: names.get(instance.templateId) ?? null,
          usage: {
            total_executions: totals?.total ?? 0,
            successful_runs: totals?.completed ?? 0,
            failed_runs: totals?.failed ?? 0,
            average_run_time_ms: Math.round(totals?.averageMs ?? 0),
            last_execution_time: isoTimeOrNull(totals?.lastAt ?? null),
            fuel_consumed: totals?.fuel ?? 0,
          },
          health: healthOf(instance.isActive, recent, totals?.queued ?? 0),
        },
      };
    }),
  );
}
