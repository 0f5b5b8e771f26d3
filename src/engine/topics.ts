import { withoutPrefix } from "#src/text/cut-text.ts";
/** Logical topics carried over the queues (docs/agents.md#topics). */
export const topics = {
  generic: "system.agent.generic.process",
  reasoning: "system.agent.reasoning.process",
  webSearch: "system.adapter.web.search",
  imageGenerate: "system.adapter.image.generate",
} as const;

/** Where a conversation is handed over to people: a tool of turns alone, to which no plan that somebody writes has a way. */
export const handoverTopic = "system.agent.chat.handover";

/** Where the person of a conversation is recommended something: a tool of turns alone as well. */
export const recommendTopic = "system.agent.chat.recommend";

/** Where what a persona does in the shop is carried out: a tool, to which no plan that somebody writes has a way. */
export const shopTopic = "system.agent.shop.process";

/** Where a question in words becomes a plan: of the platform's own runs, to which no plan that somebody writes has a way. */
export const analystTopic = "system.agent.analyst.process";

const agentTaskPrefix = "system.tasks.";
export const workflowPrefix = "workflow:";

/** The topic of an agent type. */
export const topicOfAgent = (type: string): string => `${agentTaskPrefix}${type}`;

/** A name of the older system: the agents' own topics by their type. */
const olderTopic = /^agents\.([A-Za-z0-9_-]+)\.process$/;

/** What a topic of a plan is called here: `agents.reasoning.process` and the like are taken as well. */
export function canonicalTopic(topic: string): string {
  const [, type] = olderTopic.exec(topic) ?? [];
  switch (type) {
    case undefined:
      return topic;
    case "generic":
      return topics.generic;
    case "reasoning":
      return topics.reasoning;
    case "web-search":
      return topics.webSearch;
    case "image-generator":
      return topics.imageGenerate;
    default:
      return topicOfAgent(type);
  }
}

/** The Workers that carry out tasks. */
export const taskConsumers = ["agents", "adapters"] as const;
export type TaskConsumer = (typeof taskConsumers)[number];

export const lanes = ["high", "normal", "low"] as const;
/** Priority lane of an agent task. */
export type Lane = (typeof lanes)[number];

/** The agent type behind a topic: whose defaults apply, and under which name usage is counted. */
export function agentTypeOfTopic(topic: string): string {
  if (topic.startsWith(agentTaskPrefix)) return withoutPrefix(topic, agentTaskPrefix);
  switch (topic) {
    case topics.webSearch:
      return "web-search";
    case topics.imageGenerate:
      return "image-generator";
    case topics.reasoning:
      return "reasoning";
    case shopTopic:
      // No agent of one's own can have such a name.
      return "shop.tools";
    case recommendTopic:
      return "chat.tools";
    case analystTopic:
      return "system.analyst";
    default:
      return "copywriter";
  }
}
