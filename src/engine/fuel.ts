import type { Tier } from "#src/kernel/actor.ts";
import { jsonBytes } from "./limits.ts";
import { actionOfTopic } from "./plans/actions.ts";
import type { AgentRoute, StartRun } from "./start-run.ts";
import { handoverTopic, recommendTopic, shopTopic } from "./topics.ts";

/** Default budget of a run by tier, in fuel units (docs/workflows.md#fuel). */
export const fuelBudgets: Record<Tier, number> = { free: 100, basic: 500, premium: 2000, enterprise: 10_000 };

/** What a text costs by its model, in fuel units: the models that are of interest, by their names. */
export type TextFuel = Readonly<Record<string, number>>;

/** Of a model that nothing is known of, or of none at all: that is, the default model. */
export const ordinaryTextFuel = 25;

const textCost = (model: unknown, textFuel: TextFuel = {}): number =>
  typeof model === "string" && Object.hasOwn(textFuel, model)
    ? (textFuel[model] ?? ordinaryTextFuel)
    : ordinaryTextFuel;

/** The models that the texts of a run may be by: the persona's own, or those of its agents. */
export const modelsOfTexts = ({ config, agents }: Pick<StartRun, "config" | "agents">): string[] =>
  [config, ...Object.values(agents).map(({ defaultConfig }) => defaultConfig)].flatMap(({ model }) =>
    typeof model === "string" ? model : [],
  );

const fixedCosts = new Map([
  ["fan_out", 5],
  ["ai_image_generate", 40],
  ["web_search", 5],
  ["database_query", 1],
  ["store_memory", 2],
  ["retrieve_memory", 2],
  ["read_shop", 1],
  ["change_shop", 5],
  ["query_analytics", 5],
  ["recommend_items", 2],
  ["hand_over", 0],
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
  textFuel?: TextFuel;
  input?: unknown;
}

/**
 * What is done in the end: that goes by where it is done, whatever its step calls it (`decide`, `lookup`,
 * `summarize`). What is no adapter's and no reasoning is a text.
 */
function workOf(action: string, { topic = "", category }: Work): string {
  if (topic === "" || memoryActions.includes(action)) return action;
  if (topic === handoverTopic) return "hand_over";
  if (topic === shopTopic) return action;
  if (topic === recommendTopic) return "recommend_items";
  const own = actionOfTopic(topic);
  if (own !== "ai_text_generate") return own;
  if (reviewActions.includes(action)) return "reasoning_review";
  const isAdapter = category === undefined ? adapterActions.includes(action) : category === "adapter";
  return isAdapter ? action : "ai_text_generate";
}

/** Fuel units that an action reserves when it is dispatched. `action` in its canonical spelling. */
export function fuelCost(action: string, work: Work): number {
  const done = workOf(action, work);
  if (done === "ai_text_generate") return textCost(work.model, work.textFuel);
  if (done === "reasoning_review") return reasoningCost(work.input);
  return fixedCosts.get(done) ?? defaultCost;
}

/** The most that it can cost, whatever its input is. */
export const maxFuel = (action: string, work: Omit<Work, "input">): number =>
  workOf(action, work) === "reasoning_review" ? reasoning.most : fuelCost(action, work);
