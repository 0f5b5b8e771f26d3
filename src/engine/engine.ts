import { cascade } from "./cascade.ts";
import { type ChildUse, isChildTask } from "./child-workflow.ts";
import { jsonBytes, limits } from "./limits.ts";
import type { Effect } from "./run-draft.ts";
import { RunDraft } from "./run-draft.ts";
import { isFinished, type RunState, type TaskState } from "./run-state.ts";
import type { RunError } from "./run-view.ts";
import { sparesOthers } from "./step-orders.ts";
import { announce, endRun, failItem, failRun, failStep, joinTasks, settle } from "./step-transitions.ts";
import type { TaskFailure, TaskResult } from "./task-report.ts";
import {
  awaitTurn,
  beginTime,
  chargeChild,
  completeTask,
  deferTask,
  noteFailedAttempt,
  retryLater,
  send,
} from "./task-transitions.ts";
import { pausesOf } from "./waiting.ts";

/** What can happen to a run. */
export type RunEvent =
  | { type: "start" }
  | { type: "task_completed"; taskId: string; attempt: number; result: TaskResult }
  | { type: "task_failed"; taskId: string; attempt: number; failure: TaskFailure }
  | { type: "task_deferred"; taskId: string; attempt: number; delayMs: number; isFree?: boolean }
  /**
   * The child run behind a task has used something, or holds another amount of fuel; told each time, so that
   * what is charged survives its cancellation.
   */
  | { type: "child_used"; taskId: string; attempt: number; used: ChildUse }
  /** The child run behind a task began or ceased to wait for a person. */
  | { type: "child_waits"; taskId: string; attempt: number; waits: boolean }
  /** Without `step`, the only pause there is is answered. */
  | { type: "answered"; approved: boolean; feedback?: unknown; userId: string; step?: string }
  | { type: "cancel"; reason: string }
  | { type: "terminate"; feedback?: unknown }
  /** These tasks have a consumer only now: their time begins. */
  | { type: "taken_late"; taskIds: readonly string[] }
  /** Time has passed: retries that are due, deadlines that are over. Tasks that are `untaken` still wait for a consumer. */
  | { type: "tick"; untaken?: ReadonlySet<string> };

export interface Transition {
  state: RunState;
  effects: readonly Effect[];
  /** False when the event came late, twice, or at a time when it means nothing; then nothing has changed. */
  applied: boolean;
}

/**
 * The workflow engine: `(state, event, now) → {state, effects}`, pure. Explained in ARCHITECTURE.md.
 * @param now epoch milliseconds
 * @param fuelAbove of a child run: the fuel that the runs above it have for it, beside what it holds
 */
export function advance(
  state: RunState,
  event: RunEvent,
  now: number,
  fuelAbove = Number.POSITIVE_INFINITY,
): Transition {
  const draft = new RunDraft(state, now, fuelAbove);
  if (isFinished(state) || !react(draft, event)) return { state, effects: [], applied: false };
  cascade(draft);
  if (!isFinished(draft.run)) {
    const waits = Object.values(draft.run.steps).some(({ status }) => status === "paused");
    draft.change({ status: waits ? "paused" : "running" });
  }
  const expressionWork = draft.expressions.spent;
  draft.change({
    revision: state.revision + 1,
    updatedAt: now,
    ...(expressionWork > 0 ? { expressionWork } : {}),
  });
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
      return onTaskDeferred(draft, event);
    case "child_used":
      return onChildUsed(draft, event.taskId, event.attempt, event.used);
    case "child_waits":
      return onChildWaits(draft, event.taskId, event.attempt, event.waits);
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
    case "taken_late":
      return onSentLate(draft, event.taskIds);
    case "tick":
      return onTick(draft, event.untaken);
  }
}

function start(draft: RunDraft): boolean {
  const { status, fuel, header } = draft.run;
  if (status !== "pending") return false;
  draft.change({ status: "running" });
  draft.emit("execution.started", { status: "running", fuel });
  const { start_step, steps } = header.plan;
  if (!Object.hasOwn(steps, start_step)) {
    failRun(draft, { code: "WORKFLOW_INVALID", message: `There is no step ${start_step}` });
    return true;
  }
  if (steps[start_step]?.dependencies?.length) {
    const message = `${start_step} waits for steps that nothing begins`;
    failRun(draft, { code: "WORKFLOW_INVALID", message });
  } else draft.leadTo(start_step);
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
  if (!isChildTask(task)) draft.effects.push({ type: "usage", task, usage, success });
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
  const { retryable, retryAfterMs, ...failure } = error;
  noteFailedAttempt(draft, task, usage);
  noteUsage(draft, { ...task, fuelSpent: 0, error: failure }, usage, false);
  showWaiting(draft, task.stepName);
  if (retryable && retryLater(draft, task, step, failure, retryAfterMs)) return true;
  const lasting = withStep(failure, task);
  if (sparesOthers(step)) failItem(draft, task.stepName, taskId, lasting);
  else failStep(draft, task.stepName, lasting, taskId);
  return true;
}

function onTaskDeferred(
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

function onChildUsed(draft: RunDraft, taskId: string, attempt: number, used: ChildUse): boolean {
  const task = taskOut(draft, taskId, attempt);
  if (!task) return false;
  chargeChild(draft, task, used);
  return true;
}

function onChildWaits(draft: RunDraft, taskId: string, attempt: number, waits: boolean): boolean {
  const task = taskOut(draft, taskId, attempt);
  if (!task || task.waits === waits) return false;
  draft.changeTask(taskId, { waits });
  showWaiting(draft, task.stepName);
  return true;
}

/** A step is paused while a child run of one of its tasks is. */
function showWaiting(draft: RunDraft, stepName: string): void {
  const status = draft.tasksOf(stepName).some((task) => task.waits) ? "paused" : "running";
  if (draft.step(stepName)?.status === status) return;
  draft.changeStep(stepName, { status });
  announce(draft, stepName);
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

interface Answer {
  approved: boolean;
  feedback?: unknown;
  /** Null when nobody answered in time and the plan has an answer for that. */
  userId: string | null;
}

function onAnswered(draft: RunDraft, { step, ...answer }: Answer & { step?: string }): boolean {
  const [paused, ...others] = pausesOf(draft.run).filter(({ name }) => step === undefined || name === step);
  // Which of several is meant, nobody can tell.
  if (!paused || others.length > 0) return false;
  answerPause(draft, paused.name, answer);
  return true;
}

function answerPause(draft: RunDraft, name: string, { approved, feedback, userId }: Answer): undefined {
  if (feedback !== undefined) draft.change({ extra: { ...draft.run.extra, human_feedback: feedback } });
  const output = { approved, feedback: feedback ?? null, answered_by: userId };
  if (approved) return settle(draft, name, { status: "completed", passed: true, output });
  draft.changeStep(name, { output });
  failStep(draft, name, {
    code: "WORKFLOW_REJECTED",
    message: "Workflow rejected by user",
    details: { step: name, ...output },
  });
}

function onSentLate(draft: RunDraft, taskIds: readonly string[]): boolean {
  let moved = false;
  for (const id of taskIds) {
    const task = draft.task(id);
    const step = task && draft.run.header.plan.steps[task.stepName];
    if (step && task.status === "dispatched") moved = beginTime(draft, task, step) || moved;
  }
  return moved;
}

function onTick(draft: RunDraft, untaken?: ReadonlySet<string>): boolean {
  const { now } = draft;
  let moved = false;
  for (const { id } of Object.values(draft.run.tasks)) {
    // Looked up anew: an earlier task of this loop may have ended the run.
    const task = draft.task(id);
    const step = task && draft.run.header.plan.steps[task.stepName];
    if (!step) continue;
    if (task.status === "waiting" && task.notBefore <= now) {
      send(draft, task, step);
      moved = true;
    } else if (task.status === "dispatched" && task.deadline <= now) {
      if (untaken?.has(id) && awaitTurn(draft, task, step)) {
        moved = true;
        continue;
      }
      const error = { code: "TASK_TIMEOUT", message: "The task did not finish in time", retryable: true };
      if (isChildTask(task)) draft.effects.push({ type: "cancel_child", taskId: id });
      moved = onTaskFailed(draft, task.id, task.attempt, { error }) || moved;
    }
  }
  for (const { name } of pausesOf(draft.run)) {
    const paused = draft.step(name);
    if (paused?.status !== "paused" || paused.deadline === null || paused.deadline > now) continue;
    giveUpWaiting(draft, name);
    moved = true;
  }
  return moved;
}

/** Nobody answered in time: the plan's own answer is taken, or the pause fails. */
function giveUpWaiting(draft: RunDraft, name: string): undefined {
  const answer = draft.run.header.plan.steps[name]?.default_answer;
  if (answer) return answerPause(draft, name, { ...answer, userId: null });
  failStep(draft, name, {
    code: "APPROVAL_TIMEOUT",
    message: "Nobody answered in time",
    details: { step: name },
  });
}

/** When `tick` next has something to do; null when only an answer or a report can move the run. */
export function nextWake(run: RunState): number | null {
  if (isFinished(run)) return null;
  let next = Number.POSITIVE_INFINITY;
  for (const { status, notBefore, deadline } of Object.values(run.tasks)) {
    if (status === "waiting") next = Math.min(next, notBefore);
    else if (status === "dispatched") next = Math.min(next, deadline);
  }
  for (const { status, deadline } of Object.values(run.steps)) {
    if (status === "paused" && deadline !== null) next = Math.min(next, deadline);
  }
  return Number.isFinite(next) ? next : null;
}
