import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { settingsOf } from "#src/kernel/config.ts";
import type { ProviderWorld } from "#src/providers/configured-clients.ts";
import { imageModelOf } from "#src/providers/image-models.ts";
import { searchEngineOf } from "#src/providers/search-engines.ts";
import { textModelsOf } from "#src/providers/text-models.ts";
import { sandboxBinding } from "../../support/tasks.ts";

function world(settings: Record<string, string>): ProviderWorld {
  const asked = sandboxBinding();
  return {
    settings: settingsOf(settings),
    sandbox: asked.fetcher,
    breakerOf: (name) => env.CIRCUIT_BREAKER.getByName(name),
  };
}

const development = { ENVIRONMENT: "development" };
const production = { ENVIRONMENT: "production" };

it("Every kind of provider has a client where it is configured, under its breaker's name", () => {
  for (const settings of [
    development,
    { ...production, SERP_API_KEY: "k", STABILITY_API_KEY: "k", ANTHROPIC_API_KEY: "k" },
  ]) {
    const here = world(settings);
    expect(textModelsOf(here).textModel("claude-opus-4-8").provider).toBe("anthropic");
    expect(searchEngineOf(here)().provider).toBe("serpapi");
    expect(imageModelOf(here)().provider).toBe("stability");
  }
});

it("Where none is configured, tasks fail with what is missing", () => {
  const nowhere = world(production);
  expect(() => textModelsOf(nowhere)).toThrow("No AI provider is configured");
  expect(() => searchEngineOf(nowhere)).toThrow("No search provider is configured");
  expect(() => imageModelOf(nowhere)).toThrow("No image provider is configured");
});

it("A snapshot of a model is served by the model's provider, and an unknown model by nobody", () => {
  const { textModel } = textModelsOf(world(development));
  expect(textModel("claude-sonnet-4-5-20250929").provider).toBe("anthropic");
  expect(() => textModel("gpt-4")).toThrow("No AI provider is configured");
});
