import { advance } from "#src/engine/engine.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import type { RunEvent } from "#src/engine/run-event.ts";
import { newRun, type RunState } from "#src/engine/run-state.ts";
import { knownModels } from "#src/providers/model-table.ts";
import { fuelOfTexts } from "#src/providers/text-fuel.ts";
import { startRequest, usage } from "./plans.ts";

/** A run of a plan as it is after its start, at time 0. */
export const begin = (
  workflow: Plan,
  overrides: { fuelBudget?: number; input?: Record<string, unknown> } = {},
): RunState => {
  const { idempotency: _, ...header } = startRequest("tenant", { plan: workflow, ...overrides });
  const textFuel = fuelOfTexts(knownModels)(header);
  const run = newRun({ ...header, textFuel, id: "run", createdAt: 0, parent: null });
  return advance(run, { type: "start" }, 0).state;
};

/** The report that a task has been done. */
export const completed = (
  taskId: string,
  output: Record<string, unknown> = { text: taskId },
  attempt = 1,
): RunEvent => ({
  type: "task_completed",
  taskId,
  attempt,
  result: { output, usage },
});

/** The report that a task could not be done. */
export const failed = (taskId: string, retryable = false, attempt = 1): RunEvent => ({
  type: "task_failed",
  taskId,
  attempt,
  failure: { error: { code: "BOOM", message: "It broke", retryable } },
});

/** A run after some events at time 1000. */
export const apply = (run: RunState, ...events: RunEvent[]): RunState =>
  events.reduce((state, event) => advance(state, event, 1000).state, run);

/** What has become of the steps that have begun. */
export const statuses = ({ steps }: RunState) =>
  Object.fromEntries(Object.values(steps).map(({ name, status }) => [name, status]));
/** Tasks that are out. */
export const out = ({ tasks }: RunState) =>
  Object.values(tasks)
    .filter(({ status }) => status === "dispatched")
    .map(({ id }) => id);

/** A step that writes a text. */
export const text = (more: object = {}) => ({ action: "ai_text_generate", ...more });
