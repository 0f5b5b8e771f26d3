import type { TaskOutcome, TaskWork } from "../messaging/consume-tasks.ts";
import { TaskError } from "../messaging/task-error.ts";
import type { AgentProviders } from "./agent-providers.ts";
import { isReasoning, reason } from "./reasoning/reason.ts";
import { writeText } from "./write-text.ts";

/**
 * Has a task done by the agent that it is for.
 * @throws TaskError `WORKFLOW_INVALID` for one that is an adapter's
 */
export async function performTask(task: TaskWork, providers: AgentProviders): Promise<TaskOutcome> {
  const { topic, agent } = task.assignment;
  if (isReasoning(task.assignment)) return reason(task, providers);
  if (agent?.category !== "adapter") return writeText(task, providers);
  throw new TaskError("WORKFLOW_INVALID", `${topic} leads to an adapter: use system.adapter.… instead`);
}
