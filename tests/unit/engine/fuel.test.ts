import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fuelBudgets, fuelCost, maxFuel, modelsOfTexts } from "#src/engine/fuel.ts";
import { knownModels, modelTable } from "#src/providers/model-table.ts";
import { fuelOfTexts } from "#src/providers/text-fuel.ts";

const kib = 1024;
const text = { topic: "system.tasks.copywriter" };
/** Work with what a text of its model costs, as a run has it from the model table. */
const priced = <W extends { model?: unknown }>(work: W) => ({
  ...work,
  textFuel: fuelOfTexts(knownModels)({ config: { model: work.model }, agents: {} }),
});

describe("Fuel costs", () => {
  it.each([
    ["anything_else", {}, 1],
    ["fan_out", {}, 5],
    ["web_search", {}, 5],
    ["ai_image_generate", {}, 40],
    ["database_query", {}, 1],
    ["store_memory", {}, 2],
    ["retrieve_memory", {}, 2],
    ["pause_for_human_input", {}, 0],
    ["complete_workflow", {}, 0],
    ["ai_text_generate", { model: "claude-haiku-4-5" }, 10],
    ["ai_text_generate", { model: "claude-sonnet-4-6" }, 25],
    ["ai_text_generate", { model: "claude-opus-4-8" }, 50],
    ["ai_text_generate", { model: "claude-3-5-haiku-latest" }, 10],
    ["ai_text_generate", { model: "Claude-Opus" }, 50],
  ])("%s with %j cost %i, as the specification says", (action, work, fuel) => {
    expect(fuelCost(action, priced(work))).toBe(fuel);
  });

  it.each([
    ["claude-fable-5-2", 100],
    ["claude-mythos-preview", 100],
    ["something-else", 25],
    [undefined, 25],
    [7, 25],
  ])(
    "a text by %s costs %i: the dearer families twice as much as opus, the unknown like the default",
    (model, fuel) => {
      expect(fuelCost("ai_text_generate", priced({ ...text, model }))).toBe(fuel);
    },
  );

  it("a text as its own model does, or as its agent's", () => {
    const agents = {
      novelist: { category: "data-driven" as const, defaultConfig: { model: "claude-opus-5-5" } },
    };
    expect(modelsOfTexts({ config: { model: "claude-haiku-5-5" }, agents })).toEqual([
      "claude-haiku-5-5",
      "claude-opus-5-5",
    ]);
    expect(fuelOfTexts(knownModels)({ config: {}, agents })).toEqual({ "claude-opus-5-5": 50 });
    const set = modelTable(JSON.stringify({ "claude-opus-5-5": { input: 1, output: 1, fuel: 7 } }));
    expect(fuelOfTexts(set)({ config: {}, agents })).toEqual({ "claude-opus-5-5": 7 });
  });

  it.each(["constructor", "toString", "__proto__", "valueOf"])(
    "an action called %s costs what any does",
    (action) => {
      expect(fuelCost(action, {})).toBe(1);
    },
  );

  it.each([
    [0, 10],
    [kib, 11],
    [10 * kib, 20],
    [40 * kib, 50],
    [4000 * kib, 50],
  ])("reasoning about %i bytes costs %i", (bytes, fuel) => {
    expect(fuelCost("reasoning_review", { input: "x".repeat(bytes) })).toBe(fuel);
  });

  it.each(["decide", "analyze", "evaluate", "reason", "reasoning_review", "anything"])(
    "%s on the reasoning agent's topics costs like reasoning",
    (action) => {
      const input = "x".repeat(5 * kib);
      for (const topic of ["system.agent.reasoning.process", "system.tasks.reasoning"])
        expect(fuelCost(action, { topic, input })).toBe(15);
    },
  );

  it.each([
    ["system.adapter.web.search", 5],
    ["system.tasks.web-search", 5],
    ["system.adapter.image.generate", 40],
    ["system.tasks.image-generator", 40],
    ["system.agent.generic.process", 50],
    ["system.tasks.copywriter", 50],
  ])("what is done at %s costs %i, whatever its step calls it", (topic, fuel) => {
    for (const action of ["lookup", "complete_workflow", "database_query"])
      expect(fuelCost(action, priced({ topic, model: "claude-opus-5-5" }))).toBe(fuel);
  });

  it("a search or a picture is one only where an adapter makes it", () => {
    const own = priced({ topic: "system.tasks.own", model: "claude-haiku-5-5" });
    expect(fuelCost("web_search", { ...own, category: "adapter" })).toBe(5);
    expect(fuelCost("ai_image_generate", { ...own, category: "adapter" })).toBe(40);
    expect(fuelCost("web_search", { ...own, category: "data-driven" })).toBe(10);
    expect(fuelCost("web_search", own)).toBe(5);
  });

  it.each(["reasoning_review", "review"])("%s costs like reasoning, whichever agent is asked", (action) => {
    expect(fuelCost(action, { ...text, category: "data-driven", input: "x".repeat(5 * kib) })).toBe(15);
  });

  it("what is remembered is remembered by the object, whatever its topic", () => {
    expect(fuelCost("store_memory", text)).toBe(2);
  });

  it("never more than what its ceiling says, and always a whole number", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("ai_text_generate", "reasoning_review", "decide", "web_search", "x"),
        fc.constantFrom(
          "",
          "system.agent.reasoning.process",
          "system.tasks.copywriter",
          "system.adapter.web.search",
        ),
        fc.option(fc.string()),
        fc.jsonValue(),
        (action, topic, model, input) => {
          const cost = fuelCost(action, { topic, model, input });
          expect(Number.isInteger(cost) && cost >= 0).toBe(true);
          expect(cost).toBeLessThanOrEqual(maxFuel(action, { topic, model }));
        },
      ),
    );
  });

  it("more for more to reason about", () => {
    fc.assert(
      fc.property(fc.nat(60 * kib), fc.nat(60 * kib), (one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map((bytes) =>
          fuelCost("reasoning_review", { input: "x".repeat(bytes) }),
        );
        expect(less ?? 0).toBeLessThanOrEqual(more ?? 0);
      }),
    );
  });
});

it("Budgets by tier are the specification's", () => {
  expect(fuelBudgets).toEqual({ free: 100, basic: 500, premium: 2000, enterprise: 10_000 });
});
