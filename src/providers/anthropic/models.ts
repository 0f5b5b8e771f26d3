import type { ModelCatalogue } from "../models.ts";

const modern = { thinks: true, withoutSampling: true } as const;

/** The specification names the first three; the dearer families cost about twice as much per token as opus. */
const fuel = { haiku: 10, sonnet: 25, opus: 50, fable: 100, mythos: 100 } as const;

/** Generations that are no longer served mean their family's current model, and so does its bare name. */
const current = {
  haiku: "claude-haiku-5-5",
  sonnet: "claude-sonnet-5-5",
  opus: "claude-opus-5-5",
  fable: "claude-fable-5-2",
  mythos: "claude-mythos-5-2",
} as const;

/**
 * Anthropic's models that are served today, with list prices of November 2026
 * (platform.claude.com, "Pricing"). `MODEL_PRICES` changes and adds to it.
 */
export const anthropicModels: ModelCatalogue = {
  ids: /^claude-[a-z0-9.-]{1,90}$/,
  models: {
    "claude-haiku-5-5": {
      ...modern,
      fuel: fuel.haiku,
      input: 0.1,
      output: 0.5,
      longPrompt: { over: 100_000, input: 0.5, output: 2.5 },
    },
    "claude-haiku-4-5": { fuel: fuel.haiku, input: 1, output: 5 },
    "claude-sonnet-5-5": { ...modern, fuel: fuel.sonnet, input: 2, output: 10 },
    "claude-sonnet-5": { ...modern, fuel: fuel.sonnet, input: 2, output: 10 },
    "claude-sonnet-4-6": { fuel: fuel.sonnet, input: 3, output: 15 },
    "claude-sonnet-4-5": { fuel: fuel.sonnet, input: 3, output: 15 },
    "claude-opus-5-5": { ...modern, fuel: fuel.opus, input: 4, output: 20 },
    "claude-opus-5": { ...modern, fuel: fuel.opus, input: 5, output: 25 },
    "claude-opus-4-8": { withoutSampling: true, fuel: fuel.opus, input: 5, output: 25 },
    "claude-opus-4-7": { withoutSampling: true, fuel: fuel.opus, input: 5, output: 25 },
    "claude-opus-4-6": { fuel: fuel.opus, input: 5, output: 25 },
    "claude-opus-4-5": { fuel: fuel.opus, input: 5, output: 25 },
    "claude-fable-5-2": { ...modern, fuel: fuel.fable, input: 8, output: 40 },
    "claude-fable-5-1": { ...modern, fuel: fuel.fable, input: 10, output: 50 },
    "claude-fable-5": { ...modern, fuel: fuel.fable, input: 10, output: 50 },
    "claude-mythos-5-2": { ...modern, fuel: fuel.mythos, input: 8, output: 40 },
    "claude-mythos-5-1": { ...modern, fuel: fuel.mythos, input: 10, output: 50 },
    "claude-mythos-5": { ...modern, fuel: fuel.mythos, input: 10, output: 50 },
    "claude-mythos-preview": { ...modern, fuel: fuel.mythos, input: 25, output: 125 },
  },
  meanings: [
    [/^claude-(?:(?:3(?:-\d)?|3\.\d)-)?haiku$/, current.haiku],
    [/^claude-instant/, current.haiku],
    [/^claude-(?:(?:3(?:-\d)?|3\.\d)-)?sonnet$/, current.sonnet],
    [/^claude-sonnet-4(?:-[01])?$/, current.sonnet],
    [/^claude-(?:v?[12])(?:[.-]|$)/, current.sonnet],
    [/^claude-(?:(?:3(?:-\d)?|3\.\d)-)?opus$/, current.opus],
    [/^claude-opus-4(?:-[01])?$/, current.opus],
    [/^claude-fable$/, current.fable],
    [/^claude-mythos$/, current.mythos],
  ],
  fuelByWord: fuel,
};
