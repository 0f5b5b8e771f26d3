import type { Tier } from "#src/kernel/actor.ts";
import { jsonBytes } from "./limits.ts";
import { actionOfTopic } from "./plans/actions.ts";
import type { AgentRoute } from "./start-run.ts";

/** Default budget of a run by tier, in fuel units (docs/workflows.md#fuel). */
export const fuelBudgets: Record<Tier, number> = { free: 100, basic: 500, premium: 2000, enterprise: 10_000 };

/**
 * A text by the family in its model's name. The specification names the first
 * three; the dearer families cost about twice as much per token as opus.
 */
const textCosts: readonly [family: string, cost: number][] = [
  ["haiku", 10],
  ["sonnet", 25],
  ["opus", 50],
  ["fable", 100],
  ["mythos", 100],
];
/** Of a model that names no family, or none at all: the default model is a sonnet. */
const otherTextCost = 25;

const textCost = (model: unknown): number => {
  const name = typeof model === "string" ? model.toLowerCase() : "";
  return textCosts.find(([family]) => name.includes(family))?.[1] ?? otherTextCost;
};

const fixedCosts = new Map([
  ["fan_out", 5],
  ["ai_image_generate", 40],
  ["web_search", 5],
  ["database_query", 1],
  ["store_memory", 2],
  ["retrieve_memory", 2],
  ["pause_for_human_input", 0],
  ["complete_workflow", 0],
]);
const defaultCost = 1;

const reasoning = { least: 10, most: 50 } as const;

/** Reasoning costs 10 to 50 by the size of what is reasoned about: one unit more per KiB. */
const reasoningCost = (input: unknown): number =>
  Math.min(reasoning.most, reasoning.least + Math.floor(jsonBytes(input) / 1024));

/** What the object does itself, whatever its topic. */
const memoryActions = ["store_memory", "retrieve_memory"];
/** What agents of category `adapter` can do. */
const adapterActions = ["web_search", "ai_image_generate"];
/** What the reasoning agent does, whoever is asked. */
const reviewActions = ["reasoning_review", "review"];

interface Work {
  /** Where the task goes; empty for what the object does itself. */
  topic?: string;
  /** Of the agent behind the topic; told by the action when it is not known. */
  category?: AgentRoute["category"];
  model?: unknown;
  input?: unknown;
}

/**
 * What is done in the end: that goes by where it is done, whatever its step calls it (`decide`, `lookup`,
 * `summarize`). What is no adapter's and no reasoning is a text.
 */
function workOf(action: string, { topic = "", category }: Work): string {
  if (topic === "" || memoryActions.includes(action)) return action;
  const own = actionOfTopic(topic);
  if (own !== "ai_text_generate") return own;
  if (reviewActions.includes(action)) return "reasoning_review";
  const isAdapter = category === undefined ? adapterActions.includes(action) : category === "adapter";
  return isAdapter ? action : "ai_text_generate";
}

/** Fuel units that an action reserves when it is dispatched. `action` in its canonical spelling. */
export function fuelCost(action: string, work: Work): number {
  const done = workOf(action, work);
  if (done === "ai_text_generate") return textCost(work.model);
  if (done === "reasoning_review") return reasoningCost(work.input);
  return fixedCosts.get(done) ?? defaultCost;
}

/** The most that it can cost, whatever its input is. */
export const maxFuel = (action: string, work: Omit<Work, "input">): number =>
  workOf(action, work) === "reasoning_review" ? reasoning.most : fuelCost(action, work);
