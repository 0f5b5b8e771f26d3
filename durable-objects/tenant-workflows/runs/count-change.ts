import { isChildTask } from "#src/engine/child-workflow.ts";
import { isFinished, type RunState } from "#src/engine/run-state.ts";
import { agentTypeOfTopic } from "#src/engine/topics.ts";
import type { Metrics } from "#src/observability/metrics/metrics.ts";

/** What one event has made of a run. */
export interface RunChange {
  before: RunState;
  after: RunState;
  isStart: boolean;
}

/** Whether it is the run's end. */
export const hasEnded = ({ before, after }: RunChange): boolean => !isFinished(before) && isFinished(after);

/** Who has spent what no agent has: the run's own object, with steps and memories. */
const itself = "workflow";

/** Counts what has become of a run, once that is written. Runs within others are part of those: only their fuel counts. */
export function countChange(metrics: Metrics, change: RunChange, now: number): void {
  const { before, after, isStart } = change;
  for (const [agent_type, fuel] of spentBetween(before, after))
    metrics.count("ai_persona_fuel_consumed_total", { agent_type }, fuel);
  if (after.header.parent !== null) return;
  if (isStart) metrics.count("ai_persona_workflows_started_total", {});
  if (!hasEnded(change)) return;
  const { status } = after;
  metrics.count("ai_persona_workflows_completed_total", { status });
  metrics.observe("ai_persona_workflow_duration_seconds", { status }, (now - after.header.createdAt) / 1000);
  if (after.error?.code === "INSUFFICIENT_FUEL") metrics.count("ai_persona_fuel_exhausted_total", {});
}

/** Fuel that was spent meanwhile, by the type of agent; what a run within has spent is counted there. */
function spentBetween(before: RunState, after: RunState): ReadonlyMap<string, number> {
  const spent = new Map<string, number>();
  const add = (type: string, fuel: number) => spent.set(type, (spent.get(type) ?? 0) + fuel);
  let left = after.fuel.spent - before.fuel.spent;
  if (left === 0) return spent;
  for (const task of Object.values(after.tasks)) {
    const fuel = task.fuelSpent - (before.tasks[task.id]?.fuelSpent ?? 0);
    if (fuel === 0) continue;
    left -= fuel;
    if (!isChildTask(task)) add(task.topic === "" ? itself : agentTypeOfTopic(task.topic), fuel);
  }
  if (left > 0) add(itself, left);
  return spent;
}
