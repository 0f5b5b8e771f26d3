import { describe, expect, it } from "vitest";
import { knownModels, modelTable } from "#src/providers/model-table.ts";
import { costMicros, fuelOfModel, resolveModel } from "#src/providers/models.ts";

describe("Model names", () => {
  it.each([
    ["claude-haiku-5-5", "claude-haiku-5-5", 10],
    ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5-20250929", 25],
    ["claude-haiku-4-5-latest", "claude-haiku-4-5", 10],
    ["claude-3-sonnet", "claude-sonnet-5-5", 25],
    ["claude-3-opus-20240229", "claude-opus-5-5", 50],
    ["claude-3-5-haiku-latest", "claude-haiku-5-5", 10],
    ["claude-3-7-sonnet-20250219", "claude-sonnet-5-5", 25],
    ["claude-opus-4-1-20250805", "claude-opus-5-5", 50],
    ["claude-sonnet-4-20250514", "claude-sonnet-5-5", 25],
    ["claude-opus", "claude-opus-5-5", 50],
    ["claude-2.1", "claude-sonnet-5-5", undefined],
    ["claude-instant-1.2", "claude-haiku-5-5", undefined],
    ["claude-fable-5", "claude-fable-5", 100],
    ["claude-sonnet-9", undefined, 25],
    ["claude-constructor", undefined, undefined],
    ["gpt-4", undefined, undefined],
    ["claude", undefined, undefined],
    ["constructor", undefined, undefined],
    ["", undefined, undefined],
  ])("%s means %s, and a text by it takes %s fuel units", (name, model, fuel) => {
    expect(resolveModel(name, knownModels)).toBe(model);
    expect(fuelOfModel(name, knownModels)).toBe(fuel);
  });

  it("that are known resolve to themselves, cost fuel and have a provider", () => {
    for (const [name, { fuel, provider }] of Object.entries(knownModels.models)) {
      expect(resolveModel(name, knownModels)).toBe(name);
      expect(fuelOfModel(name, knownModels)).toBe(fuel);
      expect(provider).toBe("anthropic");
    }
  });
});

describe("Costs, in millionths of a dollar", () => {
  it.each([
    ["claude-haiku-4-5", 1000, 100, 1500],
    ["claude-sonnet-4-5-20250929", 1000, 100, 4500],
    ["claude-opus-5-5", 1_000_000, 1_000_000, 24_000_000],
    ["claude-haiku-5-5", 100_000, 1000, 10_500],
    ["claude-haiku-5-5", 200_000, 1000, 102_500],
  ])("%s, %i in and %i out: %i", (model, tokensIn, tokensOut, micros) => {
    expect(costMicros(model, { tokensIn, tokensOut }, knownModels)).toBe(micros);
  });

  it("change by configuration, which can also add a model", () => {
    const table = modelTable(
      JSON.stringify({
        "claude-sonnet-5-5": { input: 1, output: 2 },
        "claude-sonnet-9": { input: 7, output: 8, thinks: true },
        "claude-new-1": { input: 7, output: 8, fuel: 30 },
      }),
    );
    expect(costMicros("claude-sonnet-5-5", { tokensIn: 10, tokensOut: 10 }, table)).toBe(30);
    expect(table.models["claude-sonnet-5-5"]).toMatchObject({ withoutSampling: true, fuel: 25 });
    expect(fuelOfModel("claude-sonnet-9", table)).toBe(25);
    expect(resolveModel("claude-sonnet-9", table)).toBe("claude-sonnet-9");
    expect(fuelOfModel("claude-new-1", table)).toBe(30);
    expect(resolveModel("claude-haiku-5-5", table)).toBe("claude-haiku-5-5");
  });

  it.each(["[", "[1]", '{"gpt-4":{"input":1,"output":1}}', '{"claude-sonnet-5-5":{"input":-1,"output":1}}'])(
    "a setting like %s is refused",
    (setting) => expect(() => modelTable(setting)).toThrow("MODEL_PRICES"),
  );
});
