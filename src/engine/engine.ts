import { onAnswered } from "./answer.ts";
import { onTaskAsked } from "./ask-about-task.ts";
import { cascade } from "./cascade.ts";
import type { Effect } from "./run-draft.ts";
import { RunDraft } from "./run-draft.ts";
import type { RunEvent } from "./run-event.ts";
import { isFinished, type RunState } from "./run-state.ts";
import { endRun, failRun } from "./step-transitions.ts";
import {
  onChildUsed,
  onChildWaits,
  onTaskCompleted,
  onTaskDeferred,
  onTaskFailed,
  onTasksClaimed,
  takeNext,
} from "./task-events.ts";
import { onTick } from "./tick.ts";

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
    if (event.type === "task_completed" && event.takes) takeNext(draft, state, event.takes);
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
    case "tasks_claimed":
      return onTasksClaimed(draft, event.taskIds);
    case "task_completed":
      return onTaskCompleted(draft, event.taskId, event.attempt, event.result);
    case "task_failed":
      return onTaskFailed(draft, event.taskId, event.attempt, event.failure);
    case "task_deferred":
      return onTaskDeferred(draft, event);
    case "task_asked":
      return onTaskAsked(draft, event);
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
