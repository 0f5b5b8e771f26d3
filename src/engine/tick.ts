import { giveUpAsking, giveUpWaiting } from "./answer.ts";
import { isChildTask } from "./child-workflow.ts";
import type { RunDraft } from "./run-draft.ts";
import { isAsked, isFinished, type RunState } from "./run-state.ts";
import { onTaskFailed } from "./task-events.ts";
import { awaitTurn, send } from "./task-transitions.ts";
import { pausesOf } from "./waiting.ts";

/** Lets time pass: sends what is due again, and ends what has taken too long. */
export function onTick(draft: RunDraft, untaken?: ReadonlySet<string>): boolean {
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
    } else if (isAsked(task) && (task.ask?.until ?? 0) <= now) {
      giveUpAsking(draft, task);
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

/** When `tick` next has something to do; null when only an answer or a report can move the run. */
export function nextWake(run: RunState): number | null {
  if (isFinished(run)) return null;
  let next = Number.POSITIVE_INFINITY;
  for (const task of Object.values(run.tasks)) {
    const { status, notBefore, deadline, ask } = task;
    if (status === "waiting") next = Math.min(next, notBefore);
    else if (status === "dispatched") next = Math.min(next, deadline);
    else if (ask && isAsked(task)) next = Math.min(next, ask.until);
  }
  for (const { status, deadline } of Object.values(run.steps)) {
    if (status === "paused" && deadline !== null) next = Math.min(next, deadline);
  }
  return Number.isFinite(next) ? next : null;
}
