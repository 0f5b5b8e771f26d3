import { isoTime } from "#src/kernel/clock.ts";
import { actionOf, topicOfStep } from "../plans/actions.ts";
import type { Step } from "../plans/plan.ts";
import type { RunDraft } from "../run-draft.ts";
import { type AskedChange, isAsked, type ToolQuestion } from "../run-state.ts";
import { showWaiting } from "../step-news.ts";
import type { TaskOrder } from "../step-orders.ts";
import { reviewOfCall, waitingForEvent } from "../waiting.ts";
import type { LoopMove } from "./tool-loop.ts";

/** How long a person may take to allow a call. */
const patienceMs = 86_400_000;

/** A question that is asked now. */
export const questionAt = (now: number, about: { tool: string } & Partial<AskedChange>): ToolQuestion => ({
  ...about,
  since: now,
  until: now + patienceMs,
  answer: null,
});

/** The tasks that a step of rounds wants next. A model's has no input of its own: what it needs are the tasks before it. */
export function ordersOfRound(
  move: Extract<LoopMove, { type: "ask_model" | "call_tools" }>,
  step: Step,
  { run, now }: RunDraft,
): TaskOrder[] {
  if (move.type === "ask_model") {
    const topic = topicOfStep(step, run.header.config) ?? "";
    return [{ key: move.key, action: actionOf(step.action), topic, input: {} }];
  }
  return move.calls.map(({ key, call, order, asks }) => ({
    key,
    ...order,
    ...(asks ? { ask: questionAt(now, { tool: call.name }) } : {}),
  }));
}

/** Tells the watchers of the calls in a step that a person has just been asked to allow. */
export function askPerson(draft: RunDraft, name: string): void {
  showWaiting(draft, name);
  for (const task of draft.tasksOf(name))
    if (isAsked(task) && task.ask?.since === draft.now) tellQuestion(draft, task.id);
}

/** Tells the watchers of a call that a person has just been asked to allow. */
export function tellQuestion(draft: RunDraft, taskId: string): void {
  const task = draft.task(taskId);
  if (!task?.ask) return;
  const { tool, until } = task.ask;
  draft.emit("execution.paused", {
    code: "WORKFLOW_PAUSED_FOR_APPROVAL",
    step: task.stepName,
    description: `May the tool ${tool} be used?`,
    data: reviewOfCall(task.input, task.ask),
    expires_at: isoTime(until),
    waiting: waitingForEvent(draft.run),
    fuel: draft.run.fuel,
  });
}
