import { type ChildUse, isChildTask } from "./child-workflow.ts";
import { countAttempts } from "./count-attempts.ts";
import { fuelCost } from "./fuel.ts";
import type { Step } from "./plans/plan.ts";
import type { RunDraft } from "./run-draft.ts";
import { isAsked, type TaskState } from "./run-state.ts";
import type { RunError } from "./run-view.ts";
import type { TaskOrder } from "./step-orders.ts";
import { briefError, endAttempt, taskOfEvent } from "./task-attempts.ts";
import type { TaskResult, TaskUsage } from "./task-report.ts";
import { agentTypeOfTopic } from "./topics.ts";

/** A task that reports nothing for this long has failed, unless its step says otherwise. */
const defaultTimeoutSeconds = 300;
/** A child run may wait for people; its own steps have timeouts. */
const childTimeoutSeconds = 30 * 86_400;
/** How long a dispatched task may wait for its turn among those of its tenant, beside its own time. */
const maxTurnMs = 86_400_000;
/** Tasks of one step that are out at once, unless the step says otherwise. */
const defaultParallelism = 50;

/** Task ids are made of what they are for: a repeated dispatch is the same task. */
const taskId = (runId: string, stepName: string, key: string): string => `${runId}.${stepName}.${key}`;

/** Creates the tasks of a step, all of them queued but those that cannot be done. */
export function createTasks(draft: RunDraft, stepName: string, orders: readonly TaskOrder[]): void {
  const { header } = draft.run;
  for (const order of orders) {
    const agent = header.agents[agentTypeOfTopic(order.topic)];
    const model = header.config.model ?? agent?.defaultConfig.model;
    draft.putTask({
      ...order,
      id: taskId(header.id, stepName, order.key),
      stepName,
      status: order.error ? "failed" : "queued",
      attempt: 1,
      notBefore: draft.now,
      deadline: 0,
      deferrals: 0,
      waits: false,
      fuelReserved:
        order.error || isChildTask(order)
          ? 0
          : fuelCost(order.action, {
              topic: order.topic,
              category: agent?.category,
              model,
              textFuel: header.textFuel,
              input: order.input,
            }),
      fuelSpent: 0,
      tokensIn: 0,
      tokensOut: 0,
      costMicros: 0,
      output: null,
      error: order.error ?? null,
      ...(order.error && { endedAt: draft.now }),
    });
  }
}

/** What an attempt has from when it is sent to when it must be reported. */
const timeoutMs = (task: TaskState, step: Step): number =>
  (step.timeout_seconds ?? (isChildTask(task) ? childTimeoutSeconds : defaultTimeoutSeconds)) * 1000;

/** Sends a task out whose fuel is reserved, for the first time or in another attempt. */
export const send = (draft: RunDraft, task: TaskState, step: Step): void => {
  const deadline = draft.now + timeoutMs(task, step);
  draft.changeTask(task.id, {
    status: "dispatched",
    notBefore: draft.now,
    dispatchedAt: draft.now,
    claimedAt: null,
    deadline,
  });
  draft.effects.push({ type: "dispatch", taskId: task.id });
  draft.emit("execution.task.dispatched", { ...taskOfEvent(draft, task), fuel: task.fuelReserved });
};

/**
 * Dispatches queued tasks of a step up to its parallelism, each with its fuel
 * reserved first. Gives the error that ends the run when there is not enough.
 */
export function dispatchQueued(draft: RunDraft, stepName: string, step: Step): RunError | undefined {
  const tasks = draft.tasksOf(stepName);
  const free = (step.max_parallel ?? defaultParallelism) - tasks.filter(({ status }) => isOut(status)).length;
  const next = tasks.filter((task) => task.status === "queued" && !isAsked(task)).slice(0, Math.max(0, free));
  for (const task of next) {
    const required = task.fuelReserved;
    if (required > draft.availableFuel) {
      return insufficientFuel(required, draft.availableFuel, task.action);
    }
    draft.moveFuel({ reserved: required });
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
  outputBytes: number,
): void {
  const spent = Math.min(task.fuelReserved, fuelUsed ?? task.fuelReserved);
  draft.moveFuel({ reserved: -task.fuelReserved, spent });
  draft.change({ dataBytes: draft.run.dataBytes + outputBytes });
  draft.changeTask(task.id, {
    status: "completed",
    output,
    waits: false,
    fuelReserved: 0,
    fuelSpent: task.fuelSpent + spent,
    error: null,
    endedAt: draft.now,
    ...withUsage(task, usage),
  });
  tellEnd(draft, "execution.task.completed", task, {
    ...(typeof output.text === "string" ? { text_length: output.text.length } : {}),
  });
}

type End = "execution.task.completed" | "execution.task.failed" | "execution.task.cancelled";

/** Tells the watchers that a task is over, with all that its attempts have used. */
function tellEnd(
  draft: RunDraft,
  event: End,
  { id }: TaskState,
  more: { error?: RunError; text_length?: number } = {},
): void {
  const task = draft.task(id);
  if (!task) return;
  const { fuelSpent, tokensIn, tokensOut, model } = task;
  draft.emit(event, {
    ...taskOfEvent(draft, task),
    fuel: fuelSpent,
    tokens: { input: tokensIn, output: tokensOut },
    ...(model === undefined ? {} : { model }),
    ...more,
  });
}

type Usage = Omit<ChildUse, "fuel" | "held"> & Pick<TaskUsage, "model" | "providerMs">;

const withUsage = (task: TaskState, usage: Usage) => ({
  ...(usage.model === undefined ? {} : { model: usage.model }),
  ...(usage.providerMs === undefined ? {} : { providerMs: Math.round(usage.providerMs) }),
  tokensIn: task.tokensIn + usage.tokensIn,
  tokensOut: task.tokensOut + usage.tokensOut,
  costMicros: task.costMicros + usage.costMicros,
  ...(usage.isEstimated ? { isUsageEstimated: true } : {}),
});

/** Notes what a failed attempt cost; it uses no fuel, and what its child run held returns. */
export function noteFailedAttempt(draft: RunDraft, task: TaskState, usage: TaskUsage): void {
  draft.changeTask(task.id, { waits: false, ...withUsage(task, usage) });
  if (!isChildTask(task)) return;
  draft.moveFuel({ reserved: -task.fuelReserved });
  draft.changeTask(task.id, { fuelReserved: 0 });
}

/** Charges what a child run has just used, and holds for its task what the child holds: no more than that. */
export function chargeChild(draft: RunDraft, task: TaskState, used: ChildUse): void {
  draft.moveFuel({ reserved: used.held - task.fuelReserved, spent: used.fuel });
  draft.changeTask(task.id, {
    fuelReserved: used.held,
    fuelSpent: task.fuelSpent + used.fuel,
    ...withUsage(task, used),
  });
  if (used.counted) countAttempts(draft, used.counted, used.used ?? {});
}

/**
 * Whether the failed attempt is followed by another, which then waits for its time.
 * @param minMs what its provider asked to wait
 */
export function retryLater(
  draft: RunDraft,
  task: TaskState,
  step: Step,
  error: RunError,
  minMs = 0,
): boolean {
  const { max_attempts = 1, backoff_seconds = 1, multiplier = 2 } = step.retry ?? {};
  if (task.attempt >= max_attempts) return false;
  const backoff = Math.min(backoff_seconds * multiplier ** (task.attempt - 1), maxBackoffSeconds) * 1000;
  const delayMs = Math.max(backoff, minMs);
  endAttempt(draft, task, { error, delayMs });
  draft.changeTask(task.id, {
    status: "waiting",
    attempt: task.attempt + 1,
    notBefore: draft.now + delayMs,
    error,
  });
  return true;
}

const maxBackoffSeconds = 86_400;

/** How often a task may be given back unharmed before that counts as a failure. */
const maxDeferrals = 20;

/**
 * Moves a task's deadline because its provider cannot be called for now; false when that has gone on for too long.
 * @param isFree whether it waits for another call to find out about the provider, which may take its time
 */
export function deferTask(draft: RunDraft, task: TaskState, delayMs: number, isFree: boolean): boolean {
  if (task.deferrals >= maxDeferrals || draft.now - task.notBefore > maxTurnMs) return false;
  const deferrals = task.deferrals + (isFree ? 0 : 1);
  endAttempt(draft, task, { error: null, delayMs, isFree });
  draft.changeTask(task.id, {
    deferrals,
    dispatchedAt: draft.now + delayMs,
    deadline: task.deadline + delayMs,
  });
  return true;
}

/**
 * A consumer takes a task that is out; false when its time is over. One that has lost much of its time while it waited
 * for its turn has the whole of it from now on.
 */
export function claimTask(draft: RunDraft, task: TaskState): boolean {
  const step = draft.run.header.plan.steps[task.stepName];
  if (!step) return false;
  const whole = timeoutMs(task, step);
  const isLate = Math.abs(task.deadline - draft.now - whole) > whole / 10;
  const deadline = isLate ? Math.min(draft.now, task.notBefore + maxTurnMs) + whole : task.deadline;
  if (deadline <= draft.now) return false;
  // What was given back may be taken again before its delay is over.
  const dispatchedAt = Math.min(task.dispatchedAt ?? task.notBefore, draft.now);
  draft.changeTask(task.id, { claimedAt: draft.now, dispatchedAt, deadline });
  draft.effects.push({ type: "claim", taskId: task.id });
  draft.emit("execution.task.claimed", taskOfEvent(draft, task));
  return true;
}

/** Lets a task wait for its turn whose time is over; false when that has gone on for too long. */
export function awaitTurn(draft: RunDraft, task: TaskState, step: Step): boolean {
  const deadline = task.notBefore + maxTurnMs + timeoutMs(task, step);
  if (deadline <= draft.now) return false;
  draft.changeTask(task.id, { deadline });
  return true;
}

/** Ends what a step still has out or waiting; the fuel reserved for it returns. */
export function endTasks(
  draft: RunDraft,
  stepName: string,
  failed?: { taskId: string; error: RunError },
): void {
  for (const task of draft.tasksOf(stepName)) {
    if (task.status === "completed" || task.status === "failed" || task.status === "cancelled") continue;
    if (task.id === failed?.taskId) endTask(draft, task, "failed", failed.error);
    else endTask(draft, task, "cancelled", task.error);
  }
}

/** Fails one task, and leaves the others of its step alone. */
export function failTask(draft: RunDraft, taskId: string, error: RunError): void {
  const task = draft.task(taskId);
  if (task) endTask(draft, task, "failed", error);
}

function endTask(
  draft: RunDraft,
  task: TaskState,
  status: "failed" | "cancelled",
  error: RunError | null,
): void {
  if (isOut(task.status)) draft.moveFuel({ reserved: -task.fuelReserved });
  if (task.status === "dispatched" && isChildTask(task))
    draft.effects.push({ type: "cancel_child", taskId: task.id });
  draft.changeTask(task.id, { status, waits: false, fuelReserved: 0, error, endedAt: draft.now });
  // Nobody has heard of one that never went out; one that a person was asked for after that has been heard of.
  if (!isOut(task.status) && task.dispatchedAt === undefined) return;
  tellEnd(
    draft,
    `execution.task.${status}`,
    task,
    status === "failed" && error ? { error: briefError(error) } : {},
  );
}
