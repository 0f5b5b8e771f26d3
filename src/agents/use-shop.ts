import { TaskError } from "#src/engine/task-error.ts";
import { shopTopic } from "#src/engine/topics.ts";
import { isPassing } from "#src/kernel/passing-refusals.ts";
import type { TaskAssignment } from "#src/objects/tasks-api.ts";
import { askedFirstIn } from "#src/objects/tool-calls.ts";
import { TaskAskedError, type TaskOutcome, type TaskWork } from "#src/tasks/index.ts";

export const isOfShop = ({ topic }: Pick<TaskAssignment, "topic">): boolean => topic === shopTopic;

/**
 * Carries out a call of the shop's tools (docs/tools.md#in-the-shop). The tenant's object has it done, which knows whose
 * run it is and whether a person has allowed it: neither is for a consumer to say.
 * @throws TaskError what the shop refuses
 * @throws TaskAskedError where a person is to allow it first
 */
export async function useShop({
  assignment,
  tenant,
}: Pick<TaskWork, "assignment" | "tenant">): Promise<TaskOutcome> {
  const { taskId, attempt } = assignment;
  const done = await tenant.useTool(taskId, attempt);
  if (!done.ok)
    throw new TaskError(done.code, done.message ?? "This cannot be done", {
      details: done.details,
      retryable: isPassing(done.code),
    });
  if (askedFirstIn(done.value)) throw new TaskAskedError();
  return { output: { result: done.value } };
}
