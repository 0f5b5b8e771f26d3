import { isChildTask } from "#src/engine/child-workflow.ts";
import { goesOut, type RunState, type TaskState } from "#src/engine/run-state.ts";
import type { TaskConsumer } from "#src/engine/topics.ts";
import { consumerOfTask } from "#src/tasks/index.ts";
import { isMemoryTask } from "../memory/memory-tasks.ts";

/** Which tasks of a run a consumer takes with its report: those that are its own. */
export const takesFor =
  (consumer: TaskConsumer, { header }: RunState) =>
  (task: TaskState): boolean =>
    !isChildTask(task) && !isMemoryTask(task) && consumerOfTask(task.topic, header.agents) === consumer;

/** The task that went out between two states and was claimed with that. */
export const takenWith = (before: RunState, after: RunState): TaskState | undefined =>
  Object.values(after.tasks).find(
    (task) => goesOut(before.tasks[task.id], task) && typeof task.claimedAt === "number",
  );
