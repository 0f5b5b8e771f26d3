import type { Settings } from "#src/kernel/config.ts";
import { anthropicModels } from "./anthropic/models.ts";
import type { ModelCatalogue } from "./models.ts";

export interface ProviderRow {
  /** What it does: which of the interfaces beside this file its client has. */
  kind: "text" | "search" | "image" | "payments";
  /** The settings that hold its key, and the address of another server that speaks its language. */
  keySetting: keyof Settings & `${string}_KEY`;
  urlSetting: keyof Settings & `${string}_URL`;
  defaultUrl: string;
  /** Where the sandbox Worker speaks it. */
  sandboxPath?: string;
  /** Of one that writes text. */
  models?: ModelCatalogue;
}

/**
 * The providers, by the names of their circuit breakers. Where several do the same, the first that is configured does
 * it; a text is written by the provider of its model. Their clients are made in `text-models.ts`, `search-engines.ts`
 * and `image-models.ts`, apart from this table because not every Worker carries all of them.
 */
export const providerTable = {
  anthropic: {
    kind: "text",
    keySetting: "ANTHROPIC_API_KEY",
    urlSetting: "ANTHROPIC_BASE_URL",
    defaultUrl: "https://api.anthropic.com",
    models: anthropicModels,
  },
  serpapi: {
    kind: "search",
    keySetting: "SERP_API_KEY",
    urlSetting: "SERP_API_URL",
    defaultUrl: "https://serpapi.com/search",
    sandboxPath: "/search",
  },
  stripe: {
    kind: "payments",
    keySetting: "STRIPE_API_KEY",
    urlSetting: "STRIPE_API_URL",
    defaultUrl: "https://api.stripe.com",
  },
  stability: {
    kind: "image",
    keySetting: "STABILITY_API_KEY",
    urlSetting: "STABILITY_API_URL",
    defaultUrl: "https://api.stability.ai",
  },
} as const satisfies Record<string, ProviderRow>;

type ProviderTable = typeof providerTable;
export type ProviderKind = ProviderRow["kind"];
/** The providers of a kind. */
export type ProviderName<K extends ProviderKind = ProviderKind> = {
  [N in keyof ProviderTable]: ProviderTable[N]["kind"] extends K ? N : never;
}[keyof ProviderTable];

const isProvider = (name: string): name is ProviderName => Object.hasOwn(providerTable, name);
export const providerNames: readonly ProviderName[] = Object.keys(providerTable).filter(isProvider);
