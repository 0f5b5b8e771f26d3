import type { AgentRoute } from "#src/engine/start-run.ts";
import { agentTypeOfTopic, lanes, topicOfAgent, topics } from "#src/engine/topics.ts";
import { queueOfLane, taskQueues } from "./route-task.ts";

export const queueNames = [...taskQueues, "platform-events", "user-imports"] as const;
export type QueueName = (typeof queueNames)[number];

/** Who takes the messages of a queue. */
export const consumers: Record<QueueName, string> = {
  "agent-tasks-high": "persona-agents",
  "agent-tasks-normal": "persona-agents",
  "agent-tasks-low": "persona-agents",
  "adapter-tasks": "persona-adapters",
  "platform-events": "persona-events",
  "user-imports": "persona-events",
};

export interface TopicEntry {
  topic: string;
  description: string;
  /** The queues it travels on; none when it goes straight to its consumer. */
  queues: readonly QueueName[];
  consumer: string;
  /** The agent type whose tasks it carries. */
  agentType: string | null;
}

const agentQueues = lanes.map((lane) => queueOfLane[lane]);

const task = (
  topic: string,
  description: string,
  queues: readonly QueueName[],
  consumer: string,
): TopicEntry => ({
  topic,
  description,
  queues,
  consumer,
  agentType: agentTypeOfTopic(topic),
});

const direct = (topic: string, description: string, consumer: string): TopicEntry => ({
  topic,
  description,
  queues: [],
  consumer,
  agentType: null,
});

const events = (topic: string, description: string): TopicEntry => ({
  ...direct(topic, description, "persona-events"),
  queues: ["platform-events"],
});

const systemTopics: readonly TopicEntry[] = [
  task(
    topics.generic,
    "Tasks of data-driven agents without a topic of their own",
    agentQueues,
    "persona-agents",
  ),
  task(topics.reasoning, "Reviews, analyses, decisions, evaluations", agentQueues, "persona-agents"),
  task(topics.webSearch, "Web searches", ["adapter-tasks"], "persona-adapters"),
  task(topics.imageGenerate, "Pictures", ["adapter-tasks"], "persona-adapters"),
  direct(
    "system.responses.reasoning",
    "Results of the reasoning agent, reported to the run",
    "TenantWorkflows",
  ),
  direct("system.responses.websearch", "Results of searches, reported to the run", "TenantWorkflows"),
  direct("system.responses.image", "Pictures made, reported to the run", "TenantWorkflows"),
  direct("system.commands.workflow.resume", "Answers to runs that wait for a person", "TenantWorkflows"),
  direct("human.approvals", "Runs that wait for a person", "TenantHub"),
  direct("system.notifications.ui", "What watchers of a run see", "TenantHub"),
  events("system.events", "Usage and other records for the read models"),
  events("orchestrator.state-changes", "Copies of runs for the read models"),
  {
    ...direct("system.imports.users", "Steps of imports of accounts", "persona-events"),
    queues: ["user-imports"],
  },
];

/** Every logical topic: the system's own and one for each agent type that has none of those. */
export function topicDirectory(agents: Readonly<Record<string, Pick<AgentRoute, "category">>>): TopicEntry[] {
  const types = Object.keys(agents).sort();
  return [
    ...systemTopics,
    ...types.flatMap((type) => {
      const description = `Tasks of the agent type ${type}`;
      if (agents[type]?.category !== "adapter")
        return task(topicOfAgent(type), description, agentQueues, "persona-agents");
      return systemTopics.some(({ agentType }) => agentType === type)
        ? []
        : task(topicOfAgent(type), description, ["adapter-tasks"], "persona-adapters");
    }),
  ];
}
