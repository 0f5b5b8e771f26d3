const modelFamilies = ["haiku", "sonnet", "opus", "fable", "mythos"] as const;
export type ModelFamily = (typeof modelFamilies)[number];

/** US dollars per million tokens. */
interface ModelPrice {
  input: number;
  output: number;
  /** Some models cost more for prompts of more than so many tokens. */
  longPrompt?: { over: number; input: number; output: number };
}

export interface Model extends ModelPrice {
  /** Thinks before it answers unless told otherwise; its thoughts count against `max_tokens`. */
  thinks?: true;
  /** Answers 400 to `temperature` and its like. */
  withoutSampling?: true;
}

/** Models by id. */
export type ModelTable = Readonly<Record<string, Model>>;

const modern = { thinks: true, withoutSampling: true } as const;

/**
 * Anthropic's models that are served today, with list prices of November 2026
 * (platform.claude.com, "Pricing"). `MODEL_PRICES` changes and adds to it.
 */
export const knownModels: ModelTable = {
  "claude-haiku-5-5": {
    ...modern,
    input: 0.1,
    output: 0.5,
    longPrompt: { over: 100_000, input: 0.5, output: 2.5 },
  },
  "claude-haiku-4-5": { input: 1, output: 5 },
  "claude-sonnet-5-5": { ...modern, input: 2, output: 10 },
  "claude-sonnet-5": { ...modern, input: 2, output: 10 },
  "claude-sonnet-4-6": { input: 3, output: 15 },
  "claude-sonnet-4-5": { input: 3, output: 15 },
  "claude-opus-5-5": { ...modern, input: 4, output: 20 },
  "claude-opus-5": { ...modern, input: 5, output: 25 },
  "claude-opus-4-8": { withoutSampling: true, input: 5, output: 25 },
  "claude-opus-4-7": { withoutSampling: true, input: 5, output: 25 },
  "claude-opus-4-6": { input: 5, output: 25 },
  "claude-opus-4-5": { input: 5, output: 25 },
  "claude-fable-5-2": { ...modern, input: 8, output: 40 },
  "claude-fable-5-1": { ...modern, input: 10, output: 50 },
  "claude-fable-5": { ...modern, input: 10, output: 50 },
  "claude-mythos-5-2": { ...modern, input: 8, output: 40 },
  "claude-mythos-5-1": { ...modern, input: 10, output: 50 },
  "claude-mythos-5": { ...modern, input: 10, output: 50 },
  "claude-mythos-preview": { ...modern, input: 25, output: 125 },
};

const currentModels: Readonly<Record<ModelFamily, string>> = {
  haiku: "claude-haiku-5-5",
  sonnet: "claude-sonnet-5-5",
  opus: "claude-opus-5-5",
  fable: "claude-fable-5-2",
  mythos: "claude-mythos-5-2",
};

/** A snapshot's date, or the alias of the newest one. */
const snapshot = /-(?:\d{8}|latest)$/;
/** Names of generations that are no longer served, and bare family names: they mean the family's current model. */
const retired = [
  /^claude-(?:3(?:-\d)?|3\.\d)-(haiku|sonnet|opus)$/,
  /^claude-(sonnet|opus)-4(?:-[01])?$/,
  /^claude-(haiku|sonnet|opus|fable|mythos)$/,
];
const retiredWithoutFamily: readonly [RegExp, ModelFamily][] = [
  [/^claude-instant/, "haiku"],
  [/^claude-(?:v?[12])(?:[.-]|$)/, "sonnet"],
];

const isFamily = (name: string | undefined): name is ModelFamily =>
  modelFamilies.some((family) => family === name);

/** The family in a model's name, also of one that is no longer served; undefined for a name that is no model of Anthropic's. */
export function modelFamily(name: string): ModelFamily | undefined {
  if (!name.startsWith("claude-")) return undefined;
  return name.split("-").find(isFamily) ?? retiredWithoutFamily.find(([pattern]) => pattern.test(name))?.[1];
}

/**
 * The model to ask for under a name: itself when it is served, its family's
 * current model when its generation no longer is, undefined when it is unknown.
 */
export function resolveModel(name: string, table: ModelTable = knownModels): string | undefined {
  const plain = name.replace(snapshot, "");
  if (Object.hasOwn(table, name) || Object.hasOwn(table, plain)) return name.replace(/-latest$/, "");
  const isRetired =
    retired.some((pattern) => pattern.test(plain)) ||
    retiredWithoutFamily.some(([pattern]) => pattern.test(plain));
  const family = isRetired ? modelFamily(plain) : undefined;
  return family && currentModels[family];
}

/** What is known about a resolved model. */
export const modelOf = (model: string, table: ModelTable = knownModels): Model | undefined =>
  table[model] ?? table[model.replace(snapshot, "")];

/** What a call cost, in millionths of a US dollar; a model without a price counts like the dearest one. */
export function costMicros(
  model: string,
  { tokensIn, tokensOut }: { tokensIn: number; tokensOut: number },
  table: ModelTable = knownModels,
): number {
  const price: ModelPrice = modelOf(model, table) ?? { input: 25, output: 125 };
  const { input, output } = price.longPrompt && tokensIn > price.longPrompt.over ? price.longPrompt : price;
  return Math.round(tokensIn * input + tokensOut * output);
}
