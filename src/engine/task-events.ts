import { kindOfAttempts } from "./attempt-usage.ts";
import { bearsFailures } from "./bears-failures.ts";
import { type ChildUse, isChildTask } from "./child-workflow.ts";
import { countAttempts } from "./count-attempts.ts";
import { jsonBytes, limits } from "./limits.ts";
import type { RunDraft } from "./run-draft.ts";
import type { RunEvent } from "./run-event.ts";
import { goesOut, type RunState, type TaskState } from "./run-state.ts";
import type { RunError } from "./run-view.ts";
import { showWaiting } from "./step-news.ts";
import { failItem, failStep, joinTasks } from "./step-transitions.ts";
import type { TaskFailure, TaskResult } from "./task-report.ts";
import {
  chargeChild,
  claimTask,
  completeTask,
  deferTask,
  noteFailedAttempt,
  retryLater,
} from "./task-transitions.ts";
import { agentTypeOfTopic } from "./topics.ts";

/** The task a report is about, if it is still out in that attempt. */
const taskOut = (draft: RunDraft, taskId: string, attempt: number): TaskState | undefined => {
  const task = draft.task(taskId);
  return task?.status === "dispatched" && task.attempt === attempt ? task : undefined;
};

/** A task has its result; one that is too large fails it. */
export function onTaskCompleted(
  draft: RunDraft,
  taskId: string,
  attempt: number,
  result: TaskResult,
): boolean {
  const task = taskOut(draft, taskId, attempt);
  if (!task) return false;
  const bytes = jsonBytes(result.output);
  const what = bytes > limits.outputBytes ? "The task's output is" : "All outputs of the run together are";
  if (bytes > limits.outputBytes || draft.run.dataBytes + bytes > limits.runBytes) {
    const error = { code: "PAYLOAD_TOO_LARGE", message: `${what} too large`, retryable: false };
    return onTaskFailed(draft, taskId, attempt, { error, usage: result.usage });
  }
  completeTask(draft, task, result, bytes);
  noteUsage(draft, draft.task(taskId) ?? task, result.usage, true);
  showWaiting(draft, task.stepName);
  joinTasks(draft, task.stepName);
  return true;
}

/** The tasks of a child run have told what they used themselves. */
function noteUsage(draft: RunDraft, task: TaskState, usage: TaskResult["usage"], success: boolean): void {
  if (isChildTask(task)) return;
  draft.effects.push({ type: "usage", task, usage, success });
  const agentType = agentTypeOfTopic(task.topic);
  const [completed, failed] = success ? [1, 0] : [0, 1];
  const kind = kindOfAttempts({ step: task.stepName, agentType, model: usage.model ?? null });
  const used = {
    count: 1,
    completed,
    failed,
    fuel: task.fuelSpent,
    tokens_in: usage.tokensIn,
    tokens_out: usage.tokensOut,
    cost_micros: usage.costMicros,
    duration_ms: Math.round(usage.durationMs),
  };
  countAttempts(draft, { [agentType]: { finished: 1, failed } }, { [kind]: used });
}

const noUsage = { tokensIn: 0, tokensOut: 0, costMicros: 0, durationMs: 0 };

/** A task has failed in this attempt: another one follows, or its step bears it. */
export function onTaskFailed(
  draft: RunDraft,
  taskId: string,
  attempt: number,
  { error, usage = noUsage }: TaskFailure,
): boolean {
  const task = taskOut(draft, taskId, attempt);
  const step = task && draft.run.header.plan.steps[task.stepName];
  if (!step) return false;
  const { retryable, retryAfterMs, ...failure } = error;
  noteFailedAttempt(draft, task, usage);
  noteUsage(draft, { ...task, fuelSpent: 0, error: failure }, usage, false);
  showWaiting(draft, task.stepName);
  if (retryable && retryLater(draft, task, step, failure, retryAfterMs)) return true;
  const lasting = withStep(failure, task);
  if (bearsFailures(draft.run, task)) failItem(draft, task.stepName, taskId, lasting);
  else failStep(draft, task.stepName, lasting, taskId);
  return true;
}

/** A consumer has given a task back unharmed; one that was given back too often fails. */
export function onTaskDeferred(
  draft: RunDraft,
  { taskId, attempt, delayMs, isFree = false }: Extract<RunEvent, { type: "task_deferred" }>,
): boolean {
  const task = taskOut(draft, taskId, attempt);
  if (!task) return false;
  if (deferTask(draft, task, delayMs, isFree)) return true;
  const error = {
    code: "UPSTREAM_UNAVAILABLE",
    message: "The provider stayed unavailable",
    retryable: false,
  };
  return onTaskFailed(draft, taskId, attempt, { error });
}

/** A child run has used something, or holds another amount of fuel. */
export function onChildUsed(draft: RunDraft, taskId: string, attempt: number, used: ChildUse): boolean {
  const task = taskOut(draft, taskId, attempt);
  if (!task) return false;
  chargeChild(draft, task, used);
  return true;
}

/** A child run waits for a person, or does so no longer. */
export function onChildWaits(draft: RunDraft, taskId: string, attempt: number, waits: boolean): boolean {
  const task = taskOut(draft, taskId, attempt);
  if (!task || task.waits === waits) return false;
  draft.changeTask(taskId, { waits });
  showWaiting(draft, task.stepName);
  return true;
}

const withStep = (error: RunError, task: TaskState): RunError => ({
  ...error,
  details: {
    step: task.stepName,
    ...(task.key === "main" ? {} : { task: task.key }),
    ...asObject(error.details),
  },
});

const asObject = (details: unknown): object =>
  typeof details === "object" && details !== null
    ? details
    : details === undefined
      ? {}
      : { reason: details };

/** A consumer takes tasks; one whose time is over is left to the clock. */
export function onTasksClaimed(draft: RunDraft, taskIds: readonly string[]): boolean {
  let moved = false;
  for (const id of taskIds) {
    const task = draft.task(id);
    if (task?.status === "dispatched") moved = claimTask(draft, task) || moved;
  }
  return moved;
}

/** Whoever has reported takes the first task of its kind that has gone out with the report. */
export function takeNext(draft: RunDraft, before: RunState, takes: (task: TaskState) => boolean): void {
  const next = Object.values(draft.run.tasks).find(
    (task) => goesOut(before.tasks[task.id], task) && takes(task),
  );
  if (next) claimTask(draft, next);
}
