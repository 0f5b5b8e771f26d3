import { describe, expect, it } from "vitest";
import { modelTable } from "#src/providers/anthropic/model-prices.ts";
import { costMicros, knownModels, modelFamily, resolveModel } from "#src/providers/anthropic/models.ts";

describe("Model names", () => {
  it.each([
    ["claude-haiku-5-5", "claude-haiku-5-5", "haiku"],
    ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5-20250929", "sonnet"],
    ["claude-haiku-4-5-latest", "claude-haiku-4-5", "haiku"],
    ["claude-3-sonnet", "claude-sonnet-5-5", "sonnet"],
    ["claude-3-opus-20240229", "claude-opus-5-5", "opus"],
    ["claude-3-5-haiku-latest", "claude-haiku-5-5", "haiku"],
    ["claude-3-7-sonnet-20250219", "claude-sonnet-5-5", "sonnet"],
    ["claude-opus-4-1-20250805", "claude-opus-5-5", "opus"],
    ["claude-sonnet-4-20250514", "claude-sonnet-5-5", "sonnet"],
    ["claude-opus", "claude-opus-5-5", "opus"],
    ["claude-2.1", "claude-sonnet-5-5", "sonnet"],
    ["claude-instant-1.2", "claude-haiku-5-5", "haiku"],
    ["claude-fable-5", "claude-fable-5", "fable"],
    ["claude-sonnet-9", undefined, "sonnet"],
    ["claude-constructor", undefined, undefined],
    ["gpt-4", undefined, undefined],
    ["claude", undefined, undefined],
    ["constructor", undefined, undefined],
    ["", undefined, undefined],
  ])("%s means %s", (name, model, family) => {
    expect(resolveModel(name)).toBe(model);
    expect(modelFamily(name)).toBe(family);
  });

  it("that are known resolve to themselves and have a family", () => {
    for (const name of Object.keys(knownModels)) {
      expect(resolveModel(name)).toBe(name);
      expect(modelFamily(name)).toBeDefined();
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
    expect(costMicros(model, { tokensIn, tokensOut })).toBe(micros);
  });

  it("change by configuration, which can also add a model", () => {
    const table = modelTable(
      JSON.stringify({
        "claude-sonnet-5-5": { input: 1, output: 2 },
        "claude-sonnet-9": { input: 7, output: 8, thinks: true },
      }),
    );
    expect(costMicros("claude-sonnet-5-5", { tokensIn: 10, tokensOut: 10 }, table)).toBe(30);
    expect(table["claude-sonnet-5-5"]).toMatchObject({ withoutSampling: true });
    expect(resolveModel("claude-sonnet-9", table)).toBe("claude-sonnet-9");
    expect(resolveModel("claude-haiku-5-5", table)).toBe("claude-haiku-5-5");
  });

  it.each(["[", "[1]", '{"gpt-4":{"input":1,"output":1}}', '{"claude-sonnet-5-5":{"input":-1,"output":1}}'])(
    "a setting like %s is refused",
    (setting) => expect(() => modelTable(setting)).toThrow("MODEL_PRICES"),
  );
});
