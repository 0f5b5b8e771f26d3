import type { RunDraft } from "./run-draft.ts";
import type { RunEvent } from "./run-event.ts";
import { showWaiting } from "./step-news.ts";
import { joinTasks } from "./step-transitions.ts";
import { endAttempt } from "./task-attempts.ts";
import { questionAt, tellQuestion } from "./tool-loop/round.ts";

/**
 * Whoever was to carry a task out has found that a person is to allow it first, and what it would change. It waits for
 * that, and holds no fuel meanwhile. One that a person has allowed is not asked about again.
 */
export function onTaskAsked(
  draft: RunDraft,
  { taskId, attempt, question }: Extract<RunEvent, { type: "task_asked" }>,
): boolean {
  const task = draft.task(taskId);
  if (task?.status !== "dispatched" || task.attempt !== attempt || task.ask) return false;
  draft.moveFuel({ reserved: -task.fuelReserved });
  endAttempt(draft, task, { error: null, delayMs: 0, isFree: true });
  draft.changeTask(taskId, { status: "queued", deadline: 0, ask: questionAt(draft.now, question) });
  showWaiting(draft, task.stepName);
  tellQuestion(draft, taskId);
  joinTasks(draft, task.stepName);
  return true;
}
