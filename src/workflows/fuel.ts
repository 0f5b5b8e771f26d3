import type { Tier } from "../identity/principal.ts";
import { jsonBytes } from "./limits.ts";

/** Default budget of a run by tier, in fuel units (spec 03-workflows, "Fuel"). */
export const fuelBudgets: Record<Tier, number> = { free: 100, basic: 500, premium: 2000, enterprise: 10_000 };

const textCost = { haiku: 10, sonnet: 25, opus: 50 } as const;

/** The family in a model's name; an unknown one costs like sonnet. */
const familyOf = (model: unknown): keyof typeof textCost => {
  const name = String(model);
  return name.includes("haiku") ? "haiku" : name.includes("opus") ? "opus" : "sonnet";
};

const fixedCost: Record<string, number> = {
  fan_out: 5,
  ai_image_generate: 40,
  web_search: 5,
  database_query: 1,
  store_memory: 2,
  retrieve_memory: 2,
  pause_for_human_input: 0,
  complete_workflow: 0,
};

/** Reasoning costs 10 to 50 by the size of what is reasoned about: one unit more per KiB. */
const reasoningCost = (input: unknown): number => Math.min(50, 10 + Math.floor(jsonBytes(input) / 1024));

/** Fuel units that an action reserves when it is dispatched. `action` in its canonical spelling. */
export function fuelCost(action: string, { model, input }: { model?: unknown; input?: unknown }): number {
  if (action === "ai_text_generate") return textCost[familyOf(model)];
  if (action === "reasoning_review") return reasoningCost(input);
  return fixedCost[action] ?? 1;
}
