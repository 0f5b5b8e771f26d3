import type { RunDraft } from "./run-draft.ts";
import { isAsked, type RunState, type StepState } from "./run-state.ts";

/** Whether a step has nothing more to do. */
export const isOver = ({ status }: StepState): boolean => status !== "running" && status !== "paused";

/** Share of the plan's steps that are over, from 0 to 1. */
const progressOf = (run: RunState): number => {
  const total = Object.keys(run.header.plan.steps).length;
  return total === 0 ? 1 : Object.values(run.steps).filter(isOver).length / total;
};

/** Tells the watchers what has become of a step. */
export const announce = (draft: RunDraft, name: string): void => {
  const step = draft.step(name);
  if (!step) return;
  draft.emit("execution.progress", {
    step: name,
    action: step.action,
    status: step.status,
    progress: progressOf(draft.run),
    fuel: draft.run.fuel,
    ...(step.error ? { error: step.error } : {}),
    ...(step.errors?.length ? { errors: step.errors } : {}),
  });
};

/** A step is paused while a child run of one of its tasks is, or a person is asked about one. */
export function showWaiting(draft: RunDraft, stepName: string): void {
  const waits = draft.tasksOf(stepName).some((task) => task.waits || isAsked(task));
  const status = waits ? "paused" : "running";
  if (draft.step(stepName)?.status === status) return;
  draft.changeStep(stepName, { status });
  announce(draft, stepName);
}
