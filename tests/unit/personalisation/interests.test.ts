import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interestsOf } from "#src/personalisation/interests.ts";

const day = 86_400_000;
const now = 1_000 * day;

describe("What a person cares for", () => {
  it("weighs half after thirty days, and all of it is 1", () => {
    const marks = [
      { topic: "tea", at: now },
      { topic: "kites", at: now - 30 * day },
      { topic: "Tea ", at: now - 60 * day },
    ];
    // 1 + 1/4 against 1/2.
    expect(interestsOf(marks, now)).toEqual([
      { topic: "tea", weight: 1.25 / 1.75 },
      { topic: "kites", weight: 0.5 / 1.75 },
    ]);
  });

  it("is at most twenty topics, the heaviest first, whose weights add up to 1, in whatever order they were shown", () => {
    const mark = fc.record({
      topic: fc.constantFrom(...Array.from({ length: 40 }, (_, number) => `t${number}`)),
      at: fc.integer({ min: 0, max: now + day }),
    });
    fc.assert(
      fc.property(fc.array(mark, { minLength: 1, maxLength: 80 }), (marks) => {
        const interests = interestsOf(marks, now);
        const weights = interests.map(({ weight }) => weight);
        expect(interests.length).toBeLessThanOrEqual(20);
        expect(weights.toSorted((a, b) => b - a)).toEqual(weights);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
        const turned = interestsOf(marks.toReversed(), now);
        for (const [index, { topic, weight }] of interests.entries()) {
          const same = turned.find((one) => one.topic === topic);
          // Of equal weights at the end of the list rounding may say which is told.
          if (index < 19) expect(same?.weight ?? weight).toBeCloseTo(weight, 9);
        }
      }),
    );
  });

  it("is nothing where nothing was shown, or only what is too old to weigh anything", () => {
    expect(interestsOf([], now)).toEqual([]);
    expect(interestsOf([{ topic: " ", at: now }], now)).toEqual([]);
    expect(interestsOf([{ topic: "tea", at: -1e15 }], now)).toEqual([]);
  });
});
