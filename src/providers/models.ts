/** US dollars per million tokens. */
interface ModelPrice {
  input: number;
  output: number;
  /** Some models cost more for prompts of more than so many tokens. */
  longPrompt?: { over: number; input: number; output: number };
}

interface Model extends ModelPrice {
  /** Fuel units that a text takes. */
  fuel: number;
  /** Tokens that a prompt and its answer may have together; `ordinaryWindow` where nothing is said. */
  window?: number;
  /** Thinks before it answers unless told otherwise; its thoughts count against its longest answer. */
  thinks?: true;
  /** Refuses a temperature and its like. */
  withoutSampling?: true;
}

/** What every model that is served reads at least, in tokens. */
export const ordinaryWindow = 200_000;

/** The models of a provider. */
export interface ModelCatalogue {
  /** What their ids look like. */
  ids: RegExp;
  /** Those that are served, by id. */
  models: Readonly<Record<string, Model>>;
  /** Names that are no longer served, and bare ones, each with the model that it means; the first that matches counts. */
  meanings: readonly (readonly [name: RegExp, id: string])[];
  /** Fuel of a text by a model that is not listed, by a word in its name. */
  fuelByWord: Readonly<Record<string, number>>;
}

/** The models of all providers, each with the name of its own. */
export interface ModelTable extends Pick<ModelCatalogue, "meanings" | "fuelByWord"> {
  /** The model of agents that name none. */
  ordinary: string;
  /** The one that reads along, where a cheap answer is enough. */
  small: string;
  models: Readonly<Record<string, Model & { provider: string }>>;
}

/** A snapshot's date, or the alias of the newest one. */
const snapshot = /-(?:\d{8}|latest)$/;

/** What is known about a model, also about a snapshot of it. */
export function modelOf(name: string, { models }: ModelTable) {
  const known = [name, name.replace(snapshot, "")].find((id) => Object.hasOwn(models, id));
  return known === undefined ? undefined : models[known];
}

/**
 * The model to ask for under a name: itself when it is served, the one that it means when it no longer is,
 * undefined when it is unknown.
 */
export function resolveModel(name: string, table: ModelTable): string | undefined {
  if (modelOf(name, table)) return name.replace(/-latest$/, "");
  const plain = name.replace(snapshot, "");
  return table.meanings.find(([pattern]) => pattern.test(plain))?.[1];
}

/** What a token costs that is known from an earlier call, or kept for a later one, by what one costs that is read anew. */
const cachePrice = { read: 0.1, written: 1.25 } as const;

interface Tokens {
  /** All that were read, however. */
  tokensIn: number;
  tokensOut: number;
  tokensCached?: { read: number; written: number };
}

/** What a call cost, in millionths of a US dollar; a model without a price counts like the dearest one. */
export function costMicros(
  model: string,
  { tokensIn, tokensOut, tokensCached: { read, written } = { read: 0, written: 0 } }: Tokens,
  table: ModelTable,
): number {
  const price: ModelPrice = modelOf(model, table) ?? { input: 25, output: 125 };
  const { input, output } = price.longPrompt && tokensIn > price.longPrompt.over ? price.longPrompt : price;
  const anew = Math.max(0, tokensIn - read - written);
  const weighed = anew + read * cachePrice.read + written * cachePrice.written;
  return Math.round(weighed * input + tokensOut * output);
}

/** Fuel of a text by a model, as far as its name says anything: in the table, or by a word in it. */
export function fuelOfModel(name: string, table: ModelTable): number | undefined {
  const words = name.toLowerCase();
  return (
    modelOf(name, table)?.fuel ?? Object.entries(table.fuelByWord).find(([word]) => words.includes(word))?.[1]
  );
}
