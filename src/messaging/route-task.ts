import type { AgentRoute } from "../workflows/tenant-workflows-api.ts";
import type { QueueName } from "./topic-directory.ts";
import { agentTypeOfTopic, type Lane, topics } from "./topics.ts";

export type TaskQueue = Exclude<QueueName, "platform-events">;

const lanes: Record<Lane, TaskQueue> = {
  high: "agent-tasks-high",
  normal: "agent-tasks-normal",
  low: "agent-tasks-low",
};

/** The queue of a task: that of the adapters for their own topics and for agents of category `adapter`, else its lane's. */
export function queueOfTask(
  topic: string,
  lane: Lane,
  agents: Readonly<Record<string, AgentRoute>>,
): TaskQueue {
  const isAdapter =
    topic === topics.webSearch ||
    topic === topics.imageGenerate ||
    agents[agentTypeOfTopic(topic)]?.category === "adapter";
  return isAdapter ? "adapter-tasks" : lanes[lane];
}
