import type { TaskAddress, TaskResult } from "#src/engine/task-report.ts";
import type { TaskConsumer } from "#src/engine/topics.ts";
import type { Outcome } from "#src/kernel/outcome.ts";
import type { CompletionReport, TaskAssignment, TasksApi } from "#src/objects/tasks-api.ts";

function only<T>([answer]: readonly T[]): T {
  if (answer === undefined) throw new Error("The tenant object has not answered");
  return answer;
}

/** Claims one task, as a consumer does with a batch of one. */
export const claimTask = async (
  tenant: Pick<TasksApi, "claimTasks">,
  ...address: TaskAddress
): Promise<Outcome<TaskAssignment>> => only(await tenant.claimTasks([address]));

/** Reports the result of one task, as a consumer does that has nothing else to report. */
export const completeTask = async (
  tenant: Pick<TasksApi, "completeTasks">,
  taskId: string,
  attempt: number,
  result: TaskResult,
  consumer?: TaskConsumer,
): Promise<CompletionReport> => only(await tenant.completeTasks([{ taskId, attempt, result, consumer }]));
