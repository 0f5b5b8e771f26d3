import type { Effect } from "./run-draft.ts";
import { RunDraft } from "./run-draft.ts";
import { isFinished, type RunState, type TaskState } from "./run-state.ts";
import type { RunError } from "./run-view.ts";
import { activate, endRun, failStep, joinTasks, settle } from "./step-transitions.ts";
import type { TaskFailure, TaskResult } from "./task-report.ts";
import { completeTask, deferTask, dispatchRetry, retryLater } from "./task-transitions.ts";

/** What can happen to a run. */
export type RunEvent =
  | { type: "start" }
  | { type: "task_completed"; taskId: string; attempt: number; result: TaskResult }
  | { type: "task_failed"; taskId: string; attempt: number; failure: TaskFailure }
  | { type: "task_deferred"; taskId: string; attempt: number; delayMs: number }
  | { type: "answered"; approved: boolean; feedback?: string; userId: string }
  | { type: "cancel"; reason: string }
  | { type: "terminate"; feedback?: string }
  /** Time has passed: retries that are due, deadlines that are over. */
  | { type: "tick" };

export interface Transition {
  state: RunState;
  effects: readonly Effect[];
  /** False when the event came late, twice, or at a time when it means nothing; then nothing has changed. */
  applied: boolean;
}

/**
 * The workflow engine: `(state, event, now) → {state, effects}`, pure. Explained in ARCHITECTURE.md.
 * @param now epoch milliseconds
 */
export function advance(state: RunState, event: RunEvent, now: number): Transition {
  const draft = new RunDraft(state, now);
  if (isFinished(state) || !react(draft, event)) return { state, effects: [], applied: false };
  draft.change({ revision: state.revision + 1, updatedAt: now });
  return { state: draft.run, effects: draft.effects, applied: true };
}

function react(draft: RunDraft, event: RunEvent): boolean {
  switch (event.type) {
    case "start":
      return start(draft);
    case "task_completed":
      return onTaskCompleted(draft, event.taskId, event.attempt, event.result);
    case "task_failed":
      return onTaskFailed(draft, event.taskId, event.attempt, event.failure);
    case "task_deferred":
      return onTaskDeferred(draft, event.taskId, event.attempt, event.delayMs);
    case "answered":
      return onAnswered(draft, event);
    case "cancel":
      endRun(draft, "cancelled", { error: { code: "CANCELLED", message: event.reason } });
      return true;
    case "terminate":
      endRun(draft, "failed", {
        error: {
          code: "TERMINATED",
          message: "Manually terminated by admin",
          ...(event.feedback === undefined ? {} : { details: { feedback: event.feedback } }),
        },
      });
      return true;
    case "tick":
      return onTick(draft);
  }
}

function start(draft: RunDraft): boolean {
  if (draft.run.status !== "pending") return false;
  draft.change({ status: "running" });
  draft.emit("execution.started", { status: "running", fuel: draft.run.fuel });
  activate(draft, draft.run.header.plan.start_step);
  return true;
}

/** The task a report is about, if it is still out in that attempt. */
const taskOut = (draft: RunDraft, taskId: string, attempt: number): TaskState | undefined => {
  const task = draft.task(taskId);
  return task?.status === "dispatched" && task.attempt === attempt ? task : undefined;
};

function onTaskCompleted(draft: RunDraft, taskId: string, attempt: number, result: TaskResult): boolean {
  const task = taskOut(draft, taskId, attempt);
  if (!task) return false;
  completeTask(draft, task, result);
  draft.effects.push({ type: "usage", task: draft.task(taskId) ?? task, usage: result.usage, success: true });
  joinTasks(draft, task.stepName);
  return true;
}

const noUsage = { tokensIn: 0, tokensOut: 0, costMicros: 0, durationMs: 0 };

function onTaskFailed(
  draft: RunDraft,
  taskId: string,
  attempt: number,
  { error, usage = noUsage }: TaskFailure,
): boolean {
  const task = taskOut(draft, taskId, attempt);
  const step = task && draft.run.header.plan.steps[task.stepName];
  if (!step) return false;
  const { retryable, ...failure } = error;
  draft.changeTask(taskId, {
    tokensIn: task.tokensIn + usage.tokensIn,
    tokensOut: task.tokensOut + usage.tokensOut,
    costMicros: task.costMicros + usage.costMicros,
  });
  draft.effects.push({
    type: "usage",
    task: { ...task, fuelSpent: 0, error: failure },
    usage,
    success: false,
  });
  if (!retryLater(draft, task, step, failure, retryable))
    failStep(draft, task.stepName, withStep(failure, task), taskId);
  return true;
}

function onTaskDeferred(draft: RunDraft, taskId: string, attempt: number, delayMs: number): boolean {
  const task = taskOut(draft, taskId, attempt);
  if (!task) return false;
  if (deferTask(draft, task, delayMs)) return true;
  const error = {
    code: "UPSTREAM_UNAVAILABLE",
    message: "The provider stayed unavailable",
    retryable: false,
  };
  return onTaskFailed(draft, taskId, attempt, { error });
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

function onAnswered(
  draft: RunDraft,
  { approved, feedback, userId }: { approved: boolean; feedback?: string; userId: string },
): boolean {
  const [paused, ...others] = Object.values(draft.run.steps)
    .filter(({ status }) => status === "paused")
    .sort((a, b) => a.order - b.order);
  if (!paused) return false;
  if (feedback !== undefined) draft.change({ extra: { ...draft.run.extra, human_feedback: feedback } });
  const answer = { approved, feedback: feedback ?? null, answered_by: userId };
  if (!approved) {
    draft.changeStep(paused.name, { output: answer });
    failStep(draft, paused.name, {
      code: "WORKFLOW_REJECTED",
      message: "Workflow rejected by user",
      details: answer,
    });
    return true;
  }
  if (others.length === 0) draft.change({ status: "running" });
  settle(draft, paused.name, { status: "completed", passed: true, output: answer });
  return true;
}

function onTick(draft: RunDraft): boolean {
  const { now } = draft;
  let moved = false;
  for (const { id } of Object.values(draft.run.tasks)) {
    // Looked up anew: an earlier task of this loop may have ended the run.
    const task = draft.task(id);
    const step = task && draft.run.header.plan.steps[task.stepName];
    if (!step) continue;
    if (task.status === "waiting" && task.notBefore <= now) {
      dispatchRetry(draft, task, step);
      moved = true;
    } else if (task.status === "dispatched" && task.deadline <= now) {
      const error = { code: "TASK_TIMEOUT", message: "The task did not finish in time", retryable: true };
      moved = onTaskFailed(draft, task.id, task.attempt, { error }) || moved;
    }
  }
  for (const { name, status, deadline } of Object.values(draft.run.steps)) {
    if (status !== "paused" || deadline === null || deadline > now || draft.step(name)?.status !== "paused")
      continue;
    failStep(draft, name, {
      code: "APPROVAL_TIMEOUT",
      message: "Nobody answered in time",
      details: { step: name },
    });
    moved = true;
  }
  return moved;
}

/** When `tick` next has something to do; null when only an answer or a report can move the run. */
export function nextWake(run: RunState): number | null {
  if (isFinished(run)) return null;
  const times = [
    ...Object.values(run.tasks).flatMap(({ status, notBefore, deadline }) =>
      status === "waiting" ? [notBefore] : status === "dispatched" ? [deadline] : [],
    ),
    ...Object.values(run.steps).flatMap(({ status, deadline }) =>
      status === "paused" && deadline !== null ? [deadline] : [],
    ),
  ];
  return times.length === 0 ? null : Math.min(...times);
}
