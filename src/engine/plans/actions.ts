import { agentTypeOfTopic, topicOfAgent, topics } from "../topics.ts";
import type { Step, SubTask } from "./plan.ts";

/** Accepted spellings and what they mean (docs/workflows.md#a-plan). */
const spellings = new Map([
  ["generate_text", "ai_text_generate"],
  ["generate_image", "ai_image_generate"],
  ["memory_store", "store_memory"],
  ["memory_search", "retrieve_memory"],
]);

export const actionOf = (spelling: string): string => spellings.get(spelling) ?? spelling;

/** Actions that steer the run: steps of their own, never tasks. */
export const controlActions = ["fan_out", "pause_for_human_input", "complete_workflow"];

/** Actions the tenant object carries out by itself, without a task on a queue. */
export const localActions = [...controlActions, "store_memory", "retrieve_memory"];

/** Actions that need no topic, and the one they have. */
const topicOfAction = (action: string, agentType: unknown): string | undefined => {
  switch (action) {
    case "ai_text_generate":
      return topicOfAgent(typeof agentType === "string" ? agentType : "copywriter");
    case "web_search":
      return topics.webSearch;
    case "ai_image_generate":
      return topics.imageGenerate;
    case "reasoning_review":
      return topics.reasoning;
    default:
      return undefined;
  }
};

/** What is done where nothing else is said, told by the topic. */
export const actionOfTopic = (topic: string): string => {
  switch (agentTypeOfTopic(topic)) {
    case "web-search":
      return "web_search";
    case "image-generator":
      return "ai_image_generate";
    case "reasoning":
      return "reasoning_review";
    default:
      return "ai_text_generate";
  }
};

/** The topic a step's task goes to; undefined when the step needs one and has none. */
export const topicOfStep = (step: Step, config: Record<string, unknown>): string | undefined =>
  step.topic ?? topicOfAction(actionOf(step.action), config.agent_type);

export const actionOfSubTask = (task: SubTask): string => actionOf(task.action ?? actionOfTopic(task.topic));
