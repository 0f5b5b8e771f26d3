import { actionOf, actionOfSubTask, topicOfStep } from "./actions.ts";
import type { ExpressionBudget } from "./expression-budget.ts";
import { listOf, renderObject, type Scope } from "./expressions.ts";
import { limits } from "./limits.ts";
import type { Step } from "./plan.ts";
import type { RunState, TaskState } from "./run-state.ts";

/** What a step wants done. */
export type TaskOrder = Pick<TaskState, "key" | "action" | "topic" | "input">;

/** Outputs of all completed steps by name: the data for review, and the result unless the plan names one. */
export const outputsOf = (run: RunState): Record<string, unknown> =>
  Object.fromEntries(
    Object.values(run.steps)
      .filter(({ status, output }) => status === "completed" && output !== null)
      .map(({ name, output }) => [name, output]),
  );

/** Without `input`, a task gets the run's input and what the steps before have put out. */
const inputOf = (
  run: RunState,
  template: Record<string, unknown> | undefined,
  scope: Scope,
  budget: ExpressionBudget,
) => (template ? renderObject(template, scope, budget) : { ...run.header.input, context: outputsOf(run) });

/**
 * The tasks a step wants done.
 * @throws when an expression fails, or gives too many items
 */
export function ordersOf(run: RunState, step: Step, scope: Scope, budget: ExpressionBudget): TaskOrder[] {
  const action = actionOf(step.action);
  if (action === "fan_out") {
    return (step.sub_tasks ?? []).map((task) => ({
      key: task.step_name,
      action: actionOfSubTask(task),
      topic: task.topic,
      input: inputOf(run, task.input ?? step.input, scope, budget),
    }));
  }
  const topic = topicOfStep(step, run.header.config) ?? "";
  if (step.for_each === undefined)
    return [{ key: "main", action, topic, input: inputOf(run, step.input, scope, budget) }];
  const items = listOf(step.for_each, scope, budget);
  if (items.length > limits.items)
    throw new Error(`for_each gives ${items.length} items; at most ${limits.items}`);
  return items.map((item, index) => ({
    key: String(index),
    action,
    topic,
    input: step.input
      ? renderObject(step.input, { ...scope, item, index }, budget)
      : { ...inputOf(run, undefined, scope, budget), item },
  }));
}

/** What a step puts out: its task's output, an object by sub-task name, or a list in the order of the items. */
export function joinedOutput(step: Step, tasks: readonly TaskState[]): unknown {
  if (actionOf(step.action) === "fan_out")
    return Object.fromEntries(tasks.map(({ key, output }) => [key, output]));
  if (step.for_each !== undefined) {
    return [...tasks].sort((a, b) => Number(a.key) - Number(b.key)).map(({ output }) => output);
  }
  return tasks[0]?.output ?? null;
}
