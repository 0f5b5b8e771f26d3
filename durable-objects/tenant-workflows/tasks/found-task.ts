import type { RunState, TaskState } from "#src/engine/run-state.ts";

/** A task with its run. */
export interface Found {
  run: RunState;
  task: TaskState;
}

/** Whether it is out in that attempt. */
export const isOut = ({ task }: Found, attempt: number): boolean =>
  task.status === "dispatched" && task.attempt === attempt;
