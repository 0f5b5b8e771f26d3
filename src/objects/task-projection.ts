import { jsonBytes } from "#src/engine/limits.ts";
import type { RunState, TaskState } from "#src/engine/run-state.ts";
import type { ChildRun } from "#src/engine/run-view.ts";
import { placeOf } from "#src/engine/step-orders.ts";
import type { AttemptView, TaskPage, TaskQuery, TaskView } from "#src/engine/task-view.ts";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";

/** When the present attempt went out; tasks of older runs only know from when on they could. */
const dispatchedAt = ({ dispatchedAt, notBefore, status, endedAt }: TaskState): number | null => {
  if (dispatchedAt !== undefined) return dispatchedAt;
  const isOlder = endedAt === undefined && status !== "queued" && status !== "waiting";
  return isOlder ? notBefore : null;
};

function attemptsOf(task: TaskState): AttemptView[] {
  const earlier = (task.attempts ?? []).map(
    (attempt): AttemptView => ({
      attempt: attempt.attempt,
      status: attempt.error ? "failed" : "deferred",
      error: attempt.error,
      dispatched_at: isoTime(attempt.dispatchedAt),
      claimed_at: isoTimeOrNull(attempt.claimedAt),
      ended_at: isoTime(attempt.endedAt),
      provider_ms: attempt.providerMs ?? null,
      delay_ms: attempt.delayMs,
    }),
  );
  const since = dispatchedAt(task);
  const { status, claimedAt = null } = task;
  if (since === null || status === "queued" || status === "waiting") return earlier;
  const present: AttemptView = {
    attempt: task.attempt,
    status: status === "dispatched" && claimedAt !== null ? "claimed" : status,
    error: status === "failed" ? task.error : null,
    dispatched_at: isoTime(since),
    claimed_at: isoTimeOrNull(claimedAt),
    ended_at: isoTimeOrNull(task.endedAt ?? null),
    provider_ms: task.providerMs ?? null,
    delay_ms: null,
  };
  return [...earlier, present];
}

/** The tasks of a run as its owner sees them, in the order in which they were made, each with what it was given and gave. */
export function taskViewsOf(run: RunState, children: readonly ChildRun[]): TaskView[] {
  const carriedOut = new Map(
    children.map(({ step, task, correlation_id }) => [`${step}.${task}`, correlation_id]),
  );
  return Object.values(run.tasks).map((task): TaskView => {
    const { claimedAt = null, endedAt } = task;
    return {
      id: task.id,
      step: task.stepName,
      ...placeOf(run.header.plan.steps[task.stepName], task.key),
      action: task.action,
      topic: task.topic,
      status: task.status,
      attempt: task.attempt,
      attempts: attemptsOf(task),
      dispatched_at: isoTimeOrNull(dispatchedAt(task)),
      claimed_at: isoTimeOrNull(claimedAt),
      ended_at: isoTimeOrNull(endedAt ?? null),
      // The clock may have been set back meanwhile.
      duration_ms: claimedAt === null || endedAt === undefined ? null : Math.max(0, endedAt - claimedAt),
      model: task.model ?? null,
      tokens: {
        input: task.tokensIn,
        output: task.tokensOut,
        ...(task.isUsageEstimated ? { estimated: true } : {}),
      },
      cost_micros: task.costMicros,
      fuel: { reserved: task.status === "queued" ? 0 : task.fuelReserved, spent: task.fuelSpent },
      child_id: carriedOut.get(`${task.stepName}.${task.key}`) ?? null,
      error: task.error,
      input: task.input,
      output: task.output,
    };
  });
}

/** Bytes of inputs and outputs, as JSON, that one page has; but always those of one task. */
const maxPageBytes = 4 * 1024 * 1024;

/** A page of a run's tasks, without inputs and outputs that nobody asked for. */
export function pageOfTasks(all: readonly TaskView[], query: TaskQuery): TaskPage {
  const tasks: TaskView[] = [];
  let bytes = 0;
  for (const [position, { input, output, ...task }] of all.entries()) {
    const isMeant =
      position >= query.after &&
      task.step === (query.step ?? task.step) &&
      task.status === (query.status ?? task.status);
    if (!isMeant) continue;
    const asked = {
      ...(query.include.includes("input") ? { input } : {}),
      ...(query.include.includes("output") ? { output } : {}),
    };
    bytes += query.include.length > 0 ? jsonBytes(asked) : 0;
    if (tasks.length === query.limit || (tasks.length > 0 && bytes > maxPageBytes))
      return { tasks, next: position };
    tasks.push({ ...task, ...asked });
  }
  return { tasks, next: null };
}

/** Bytes of inputs and outputs that are archived with a run; beyond it they are left out, and outputs stand in its steps. */
const maxArchivedBytes = 8 * 1024 * 1024;

/** The tasks of a run as they are archived. */
export function archivedTasks(tasks: readonly TaskView[]): TaskView[] {
  let left = maxArchivedBytes;
  return tasks.map(({ input, output, ...task }) => {
    left -= jsonBytes([input, output]);
    return left >= 0 ? { ...task, input, output } : task;
  });
}
