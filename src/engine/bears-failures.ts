import type { RunState, TaskState } from "./run-state.ts";
import { sparesOthers } from "./step-orders.ts";
import { hasRounds } from "./tool-loop/loop-of-step.ts";
import { isToolCall } from "./tool-loop/tool-loop.ts";

/** Whether a task's step goes on when the task fails for good. A tool that fails is an error that the model is told. */
export function bearsFailures({ header }: Pick<RunState, "header">, task: TaskState): boolean {
  const step = header.plan.steps[task.stepName];
  return step !== undefined && (sparesOthers(step) || (hasRounds(step) && isToolCall(task)));
}
