import type { AgentRoute } from "#src/engine/start-run.ts";
import { agentTypeOfTopic, type Lane, type TaskConsumer, topics } from "#src/engine/topics.ts";
import { queueOfLane, type TaskQueue } from "./queues.ts";

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
): TaskQueue => (consumerOfTask(topic, agents) === "adapters" ? "adapter-tasks" : queueOfLane(lane));
