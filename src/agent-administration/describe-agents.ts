import type { RunRow } from "#src/history/index.ts";
import { isoTimeOrNull } from "#src/kernel/clock.ts";
import { type InstanceRow, instanceViews } from "#src/personas/index.ts";
import type { Platform } from "#src/platform.ts";
import { healthOf } from "./agent-health.ts";
import type { Agent } from "./agent-schemas.ts";

export interface DescribedAgent {
  agent: Agent;
  /** Newest first. */
  runs: RunRow[];
}

/** Ended runs that health is judged by. */
const healthSamples = 50;

/** Instances with what their history tells of their usage and health. */
export async function describeAgents(
  { db, clock, history, usage }: Pick<Platform, "db" | "clock" | "history" | "usage">,
  instances: readonly InstanceRow[],
): Promise<DescribedAgent[]> {
  const views = await instanceViews(db, instances);
  return Promise.all(
    views.map(async ({ instance, view, template }) => {
      const [figures, runs] = await Promise.all([
        usage.ofInstance(instance),
        history.ofInstance(instance, { after: undefined, limit: healthSamples }),
      ]);
      const recent = runs.slice(0, healthSamples);
      return {
        runs: recent,
        agent: {
          ...view,
          template_name: template?.name ?? null,
          usage: {
            total_executions: figures.total,
            successful_runs: figures.completed,
            failed_runs: figures.failed,
            average_run_time_ms: figures.ended === 0 ? 0 : Math.round(figures.ranMs / figures.ended),
            last_execution_time: isoTimeOrNull(figures.lastAt),
            fuel_consumed: figures.fuel,
          },
          health: healthOf(instance.isActive, recent, figures.queued, clock.now()),
        },
      };
    }),
  );
}
