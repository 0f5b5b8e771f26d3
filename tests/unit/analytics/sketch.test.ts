import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptySketch, estimate, mergedSketch, type Sketch, withPersons } from "#src/analytics/sketch.ts";

const people = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `person-${from + index}`);
const sketchOf = (persons: readonly string[]): Sketch => withPersons(emptySketch, persons);

describe("A sketch counts distinct persons to within 2 %", () => {
  it.each([0, 1, 10, 100, 1000, 10_000, 100_000])("%i", (count) => {
    const told = estimate(sketchOf(people(0, count)));
    expect(Math.abs(told - count)).toBeLessThanOrEqual(0.02 * count);
  });

  it("also of 100 000 persons on ten days, many of whom come on two", () => {
    const days = Array.from({ length: 10 }, (_, day) => sketchOf(people(day * 9000, day * 9000 + 19_000)));
    expect(Math.abs(estimate(mergedSketch(days)) - 100_000)).toBeLessThanOrEqual(2000);
  });
});

const persons = fc.array(fc.string(), { maxLength: 40 });

it("A merged sketch is that of everybody together, whoever is in several", () => {
  fc.assert(
    fc.property(persons, persons, (one, other) => {
      expect(mergedSketch([sketchOf(one), sketchOf(other)])).toBe(sketchOf([...other, ...one]));
    }),
    { numRuns: 30 },
  );
});

it("Who is in a sketch changes nothing", () => {
  const sketch = sketchOf(people(0, 500));
  expect(withPersons(sketch, people(0, 500).toReversed())).toBe(sketch);
});

it("A sketch is 4 096 letters", () => {
  expect(sketchOf(people(0, 5000))).toMatch(/^\w{4096}$/);
});
