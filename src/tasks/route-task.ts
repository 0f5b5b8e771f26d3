import type { AgentRoute } from "#src/engine/start-run.ts";
import { agentTypeOfTopic, type Lane, type TaskConsumer, topics } from "#src/engine/topics.ts";

export const taskQueues = [
  "agent-tasks-high",
  "agent-tasks-normal",
  "agent-tasks-low",
  "adapter-tasks",
] as const;
export type TaskQueue = (typeof taskQueues)[number];

export const queueOfLane: Record<Lane, TaskQueue> = {
  high: "agent-tasks-high",
  normal: "agent-tasks-normal",
  low: "agent-tasks-low",
};

/** The Worker for a task: the adapters for their own topics and for agents of category `adapter`. */
export const consumerOfTask = (topic: string, agents: Readonly<Record<string, AgentRoute>>): TaskConsumer =>
  topic === topics.webSearch ||
  topic === topics.imageGenerate ||
  agents[agentTypeOfTopic(topic)]?.category === "adapter"
    ? "adapters"
    : "agents";

/** The queue of a task: that of the adapters, or its lane's. */
export const queueOfTask = (
  topic: string,
  lane: Lane,
  agents: Readonly<Record<string, AgentRoute>>,
): TaskQueue => (consumerOfTask(topic, agents) === "adapters" ? "adapter-tasks" : queueOfLane[lane]);
