import type { ExpressionBudget } from "./expressions/expression-budget.ts";
import { listOf, renderObject, type Scope } from "./expressions/expressions.ts";
import { limits } from "./limits.ts";
import { actionOf, actionOfSubTask, topicOfStep } from "./plans/actions.ts";
import type { Step } from "./plans/plan.ts";
import type { RunState, TaskState } from "./run-state.ts";
import type { ItemError, RunError } from "./run-view.ts";
import { hasRounds } from "./tool-loop/loop-of-step.ts";
import { modelKey } from "./tool-loop/tool-loop.ts";

/** What a step wants done. With an `error` it cannot be, and the step goes on without it. */
export type TaskOrder = Pick<TaskState, "key" | "action" | "topic" | "input" | "inputBytes" | "ask"> & {
  error?: RunError;
};

/** Which of its step's tasks one is: by the name of the sub-task, the index of the item, its turn; empty for the only one. */
export const placeOf = (step: Step | undefined, key: string): { name?: string; index?: number } => {
  if (step?.for_each !== undefined) return { index: Number(key) };
  return step && (actionOf(step.action) === "fan_out" || hasRounds(step)) ? { name: key } : {};
};

/** Whether a step goes on without those of its tasks that fail: one bad item leaves the others. */
export const sparesOthers = ({ on_error, for_each, action }: Step): boolean =>
  on_error === "continue" && (for_each !== undefined || actionOf(action) === "fan_out");

/** Why a step fails, or one of its tasks, whose template or condition does. */
export const expressionError = (name: string, error: unknown, task?: string): RunError => ({
  code: "WORKFLOW_EXPRESSION",
  message: `Step ${name}: ${error instanceof Error ? error.message : String(error)}`,
  details: { step: name, ...(task === undefined ? {} : { task }) },
});

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
 * @throws when an expression fails that the step cannot go on without, or gives too many items
 */
export function ordersOf(
  run: RunState,
  name: string,
  step: Step,
  scope: Scope,
  budget: ExpressionBudget,
): TaskOrder[] {
  const action = actionOf(step.action);
  const spares = sparesOthers(step);
  const order = (task: Omit<TaskOrder, "input">, input: () => Record<string, unknown>): TaskOrder => {
    try {
      return { ...task, input: input() };
    } catch (error) {
      if (!spares) throw error;
      return { ...task, input: {}, error: expressionError(name, error, task.key) };
    }
  };
  if (action === "fan_out") {
    return (step.sub_tasks ?? []).map((task) =>
      order({ key: task.step_name, action: actionOfSubTask(task), topic: task.topic }, () =>
        inputOf(run, task.input ?? step.input, scope, budget),
      ),
    );
  }
  const topic = topicOfStep(step, run.header.config) ?? "";
  if (step.for_each === undefined) {
    const key = hasRounds(step) ? modelKey(0) : "main";
    return [{ key, action, topic, input: inputOf(run, step.input, scope, budget) }];
  }
  const items = listOf(step.for_each, scope, budget);
  if (items.length > limits.items)
    throw new Error(`for_each gives ${items.length} items; at most ${limits.items}`);
  return items.map((item, index) =>
    order({ key: String(index), action, topic }, () =>
      step.input
        ? renderObject(step.input, { ...scope, item, index }, budget)
        : { ...inputOf(run, undefined, scope, budget), item },
    ),
  );
}

/** What went wrong with the tasks that a step went on without, in their order. */
export const errorsOf = (step: Step, tasks: readonly TaskState[]): ItemError[] =>
  tasks.flatMap(({ key, error, status }) => {
    if (status !== "failed" || !error) return [];
    return [{ ...placeOf(step, key), error }];
  });

/**
 * What a step puts out: its task's output, an object by sub-task name, or a list in the order of the items; null in
 * the place of what failed.
 */
export function joinedOutput(step: Step, tasks: readonly TaskState[]): unknown {
  if (actionOf(step.action) === "fan_out")
    return Object.fromEntries(tasks.map(({ key, output }) => [key, output]));
  if (step.for_each !== undefined) {
    return [...tasks].sort((a, b) => Number(a.key) - Number(b.key)).map(({ output }) => output);
  }
  return tasks[0]?.output ?? null;
}
