import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findConflicts } from "#src/agents/reasoning/conflicts.ts";
import { normalisedWeights, rankOptions } from "#src/agents/reasoning/weighted-totals.ts";

describe("Constraints conflict", () => {
  it.each([
    ["limits that leave nothing between them", ["Budget < $10k", "Budget must be at least 20,000"]],
    ["in either order", ["Team size over 12", "Team size under 5"]],
    ["with units behind", ["Delivery at most 3 weeks", "Delivery more than 8 weeks"]],
    ["a demand and its negation", ["Must support Kubernetes", "Must not support Kubernetes"]],
    ["a wish and its refusal", ["Open source", "No open source"]],
  ])("%s", (_, constraints) => {
    expect(findConflicts(constraints)).toHaveLength(1);
  });

  it.each([
    ["limits with room between them", ["Budget < 10k", "Budget at least 5000"]],
    ["limits on different things", ["Budget < 10k", "Revenue at least 20k"]],
    ["limits in different units", ["Delivery at most 3 weeks", "Delivery more than 8 days"]],
    ["different demands", ["Must support Kubernetes", "Must not be hosted abroad"]],
    ["one constraint alone", ["Budget < 10k"]],
    ["nothing", []],
    ["words that only contain an operator", ["Overview 3 pages", "Understand 5 markets"]],
  ])("not: %s", (_, constraints) => {
    expect(findConflicts(constraints)).toEqual([]);
  });

  it("whatever the text, an answer comes", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 300 }), { maxLength: 10 }), (constraints) => {
        findConflicts(constraints);
      }),
    );
  });
});

describe("Weighted totals", () => {
  it("are means by normalised weights", () => {
    const weights = normalisedWeights(["cost", "time", "quality"], { cost: 3, time: 2, quality: 5 });
    expect(weights).toEqual({ cost: 0.3, time: 0.2, quality: 0.5 });
    const ranked = rankOptions(
      [
        { id: "a", scores: { cost: 1, time: 0, quality: 0.5 }, violatedConstraints: [] },
        { id: "b", scores: { cost: 0.5, time: 1, quality: 0.6 }, violatedConstraints: [] },
      ],
      weights ?? {},
    );
    expect(ranked.map(({ id, total }) => [id, total])).toEqual([
      ["b", 0.65],
      ["a", 0.55],
    ]);
  });

  it("weigh equally without weights", () => {
    expect(normalisedWeights(["a", "b"], undefined)).toEqual({ a: 0.5, b: 0.5 });
  });

  it("cannot be made of weights that are all zero", () => {
    expect(normalisedWeights(["a", "b"], { a: 0, b: 0 })).toBeUndefined();
  });

  it("rank an option that breaks a constraint last, however good", () => {
    const ranked = rankOptions(
      [
        { id: "best", scores: { a: 1 }, violatedConstraints: ["Budget"] },
        { id: "worst", scores: { a: 0.1 }, violatedConstraints: [] },
      ],
      { a: 1 },
    );
    expect(ranked.map(({ id, eligible }) => [id, eligible])).toEqual([
      ["worst", true],
      ["best", false],
    ]);
  });

  it("stay between the least and the greatest score, in the order of the totals", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const factors = ["a", "b", "c"];
    const perFactor = (value: fc.Arbitrary<number>) => fc.record({ a: value, b: value, c: value });
    fc.assert(
      fc.property(
        fc.array(perFactor(share), { minLength: 1, maxLength: 6 }),
        perFactor(fc.double({ min: 0.001, max: 1000, noNaN: true })),
        (scores, given) => {
          const weights = normalisedWeights(factors, given) ?? {};
          expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1);
          const options = scores.map((score, index) => ({
            id: String(index),
            scores: score,
            violatedConstraints: [],
          }));
          const ranked = rankOptions(options, weights);
          for (const [index, { total, scores: own }] of ranked.entries()) {
            expect(total).toBeGreaterThanOrEqual(Math.min(...Object.values(own)) - 0.0001);
            expect(total).toBeLessThanOrEqual(Math.max(...Object.values(own)) + 0.0001);
            expect(total).toBeLessThanOrEqual(ranked[index - 1]?.total ?? 1.0001);
          }
        },
      ),
    );
  });
});
