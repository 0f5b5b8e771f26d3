/** Families of Anthropic models, with prices in US dollars per million tokens. */
const families = {
  haiku: { current: "claude-haiku-5-5", inputPrice: 1, outputPrice: 5 },
  sonnet: { current: "claude-sonnet-5-5", inputPrice: 3, outputPrice: 15 },
  opus: { current: "claude-opus-5-5", inputPrice: 5, outputPrice: 25 },
} as const;

export type ModelFamily = keyof typeof families;

/** Names that templates of the older system use, and every dated or numbered name of a family. */
const pattern = /^claude-(?:[\d.-]+-)?(haiku|sonnet|opus)(?:-[\w.-]*)?$/;
/** Generations that are no longer served: their names mean the family's current model. */
const retired = /^claude-(?:2|3)(?:[-.]|$)/;

const isFamily = (name: string | undefined): name is ModelFamily => name !== undefined && name in families;

/** The family in a model's name; undefined when we do not know it. */
export function modelFamily(name: string): ModelFamily | undefined {
  const [, family] = pattern.exec(name) ?? [];
  return isFamily(family) ? family : undefined;
}

/** The model to ask for under a name; undefined for a name we do not know. */
export function resolveModel(name: string): string | undefined {
  const family = modelFamily(name);
  return family && (retired.test(name) ? families[family].current : name);
}

/** What a call cost, in millionths of a US dollar. */
export function costMicros(model: string, tokensIn: number, tokensOut: number): number {
  const { inputPrice, outputPrice } = families[modelFamily(model) ?? "sonnet"];
  return Math.round(tokensIn * inputPrice + tokensOut * outputPrice);
}
