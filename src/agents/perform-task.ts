import type { TextModels } from "#src/providers/index.ts";
import type { TextCourier } from "#src/realtime/index.ts";
import type { TaskOutcome, TaskWork } from "#src/tasks/index.ts";
import { isReasoning, reason } from "./reasoning/reason.ts";
import { writeText } from "./write-text.ts";

/** Has a task done by the agent that it is for. Tasks of adapters never come here (`src/tasks/route-task.ts`). */
export const performTask = (
  task: TaskWork,
  providers: TextModels,
  couriers: readonly TextCourier[],
): Promise<TaskOutcome> =>
  isReasoning(task.assignment) ? reason(task, providers) : writeText(task, providers, couriers);
