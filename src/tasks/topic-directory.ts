import type { AgentRoute } from "#src/engine/start-run.ts";
import { agentTypeOfTopic, topicOfAgent } from "#src/engine/topics.ts";
import { consumerOf, isTaskQueue, type QueueName, queueNames, queueTable, taskQueues } from "./queues.ts";

export interface TopicEntry {
  topic: string;
  description: string;
  /** The queues it travels on; none when it goes straight to its consumer. */
  queues: readonly QueueName[];
  consumer: string;
  /** The agent type whose tasks it carries. */
  agentType: string | null;
}

/** A topic that travels on certain queues, which have one consumer. */
function onQueues(topic: string, description: string, queues: readonly QueueName[]): TopicEntry[] {
  return queues.slice(0, 1).map((first) => ({
    topic,
    description,
    queues,
    consumer: consumerOf(first),
    agentType: isTaskQueue(first) ? agentTypeOfTopic(topic) : null,
  }));
}

/** The topics of queues, as the table says. */
function topicsOf(queues: readonly QueueName[]): TopicEntry[] {
  const described = new Map(queues.flatMap((queue) => Object.entries(queueTable[queue].topics)));
  return [...described].flatMap(([topic, description]) =>
    onQueues(
      topic,
      description,
      queues.filter((queue) => Object.hasOwn(queueTable[queue].topics, topic)),
    ),
  );
}

const direct = (topic: string, description: string, consumer: string): TopicEntry => ({
  topic,
  description,
  queues: [],
  consumer,
  agentType: null,
});

const systemTopics: readonly TopicEntry[] = [
  ...topicsOf(taskQueues),
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
  ...topicsOf(queueNames.filter((queue) => !isTaskQueue(queue))),
];

const queuesOfAgents = taskQueues.filter((queue) => queueTable[queue].consumer === "agents");
const queuesOfAdapters = taskQueues.filter((queue) => queueTable[queue].consumer === "adapters");

/** Every logical topic: the system's own and one for each agent type that has none of those. */
export function topicDirectory(agents: Readonly<Record<string, Pick<AgentRoute, "category">>>): TopicEntry[] {
  const types = Object.keys(agents).sort();
  return [
    ...systemTopics,
    ...types.flatMap((type) => {
      const isAdapter = agents[type]?.category === "adapter";
      if (isAdapter && systemTopics.some(({ agentType }) => agentType === type)) return [];
      const queues = isAdapter ? queuesOfAdapters : queuesOfAgents;
      return onQueues(topicOfAgent(type), `Tasks of the agent type ${type}`, queues);
    }),
  ];
}
