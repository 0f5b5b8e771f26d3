import { agentTypeOfTopic } from "../messaging/topics.ts";
import { fuelCost } from "./fuel.ts";
import { jsonBytes, limits } from "./limits.ts";
import type { Step } from "./plan.ts";
import type { RunDraft } from "./run-draft.ts";
import type { TaskState } from "./run-state.ts";
import type { RunError } from "./run-view.ts";
import type { TaskResult } from "./task-report.ts";

/** A task that reports nothing for this long has failed, unless its step says otherwise. */
const defaultTimeoutSeconds = 300;
/** Tasks of one step that are out at once, unless the step says otherwise. */
const defaultParallelism = 50;

/** What a step wants done. */
export type TaskOrder = Pick<TaskState, "key" | "action" | "topic" | "input">;

/** Task ids are made of what they are for: a repeated dispatch is the same task. */
export const taskId = (runId: string, stepName: string, key: string): string => `${runId}.${stepName}.${key}`;

/** Creates the tasks of a step, all of them queued. */
export function createTasks(
  draft: RunDraft,
  stepName: string,
  orders: readonly TaskOrder[],
): RunError | undefined {
  const { header } = draft.run;
  for (const order of orders) {
    if (jsonBytes(order.input) > limits.taskInputBytes) {
      return {
        code: "PAYLOAD_TOO_LARGE",
        message: `The input of ${stepName} is too large`,
        details: { step: stepName },
      };
    }
    const agent = header.agents[agentTypeOfTopic(order.topic)];
    draft.putTask({
      ...order,
      id: taskId(header.id, stepName, order.key),
      stepName,
      status: "queued",
      attempt: 1,
      notBefore: draft.now,
      deadline: 0,
      deferrals: 0,
      fuelReserved: fuelCost(order.action, {
        model: header.config.model ?? agent?.defaultConfig.model,
        input: order.input,
      }),
      fuelSpent: 0,
      tokensIn: 0,
      tokensOut: 0,
      costMicros: 0,
      output: null,
      error: null,
    });
  }
  return undefined;
}

const send = (draft: RunDraft, task: TaskState, step: Step): void => {
  const deadline = draft.now + (step.timeout_seconds ?? defaultTimeoutSeconds) * 1000;
  draft.changeTask(task.id, { status: "dispatched", deadline });
  draft.effects.push({ type: "dispatch", taskId: task.id });
};

/**
 * Dispatches queued tasks of a step up to its parallelism, each with its fuel
 * reserved first. Gives the error that ends the run when there is not enough.
 */
export function dispatchQueued(draft: RunDraft, stepName: string, step: Step): RunError | undefined {
  const tasks = draft.tasksOf(stepName);
  let free = (step.max_parallel ?? defaultParallelism) - tasks.filter(({ status }) => isOut(status)).length;
  for (const task of tasks) {
    if (task.status !== "queued") continue;
    if (free-- <= 0) return undefined;
    if (task.fuelReserved > draft.availableFuel) {
      return insufficientFuel(task.fuelReserved, draft.availableFuel, task.action);
    }
    draft.moveFuel({ reserved: task.fuelReserved });
    send(draft, task, step);
  }
  return undefined;
}

const isOut = (status: TaskState["status"]) => status === "dispatched" || status === "waiting";

export const insufficientFuel = (required: number, available: number, action: string): RunError => ({
  code: "INSUFFICIENT_FUEL",
  message: `Not enough fuel for ${action}: ${required} required, ${available} available`,
  details: { required, available, action },
});

/** Settles a completed task: what was used is spent, the rest of its reservation returns. */
export function completeTask(
  draft: RunDraft,
  task: TaskState,
  { output, usage, fuelUsed }: TaskResult,
): void {
  const spent = Math.min(task.fuelReserved, fuelUsed ?? task.fuelReserved);
  draft.moveFuel({ reserved: -task.fuelReserved, spent });
  draft.changeTask(task.id, {
    status: "completed",
    output,
    fuelReserved: 0,
    fuelSpent: spent,
    error: null,
    tokensIn: task.tokensIn + usage.tokensIn,
    tokensOut: task.tokensOut + usage.tokensOut,
    costMicros: task.costMicros + usage.costMicros,
  });
}

/** Whether the failed attempt is followed by another, which then waits for its time. */
export function retryLater(
  draft: RunDraft,
  task: TaskState,
  step: Step,
  error: RunError,
  retryable: boolean,
): boolean {
  const { max_attempts = 1, backoff_seconds = 1, multiplier = 2 } = step.retry ?? {};
  if (!retryable || task.attempt >= max_attempts) return false;
  const backoff = backoff_seconds * multiplier ** (task.attempt - 1) * 1000;
  draft.changeTask(task.id, {
    status: "waiting",
    attempt: task.attempt + 1,
    notBefore: draft.now + backoff,
    error,
  });
  return true;
}

/** How often a task may be given back unharmed before that counts as a failure. */
const mostDeferrals = 20;

/** Moves a task's deadline because its provider cannot be called for now; false when that has gone on for too long. */
export function deferTask(draft: RunDraft, task: TaskState, delayMs: number): boolean {
  if (task.deferrals >= mostDeferrals) return false;
  draft.changeTask(task.id, { deferrals: task.deferrals + 1, deadline: task.deadline + delayMs });
  return true;
}

/** Dispatches a waiting task whose time has come; its fuel is still reserved. */
export const dispatchRetry = (draft: RunDraft, task: TaskState, step: Step): void => send(draft, task, step);

/** Ends what a step still has out or waiting; the fuel reserved for it returns. */
export function endTasks(
  draft: RunDraft,
  stepName: string,
  failed?: { taskId: string; error: RunError },
): void {
  for (const task of draft.tasksOf(stepName)) {
    if (task.status === "completed" || task.status === "failed" || task.status === "cancelled") continue;
    if (isOut(task.status)) draft.moveFuel({ reserved: -task.fuelReserved });
    const isCulprit = task.id === failed?.taskId;
    draft.changeTask(task.id, {
      status: isCulprit ? "failed" : "cancelled",
      fuelReserved: 0,
      error: isCulprit ? failed.error : task.error,
    });
  }
}
