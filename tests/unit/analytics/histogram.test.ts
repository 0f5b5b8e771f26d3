import fc from "fast-check";
import { expect, it } from "vitest";
import { bucketOf, type Histogram, lengthOf, percentile, plusHistogram } from "#src/analytics/histogram.ts";

const lengths = fc.array(fc.integer({ min: 1, max: 2_592_000_000 }), { minLength: 1, maxLength: 300 });

const histogramOf = (all: readonly number[]): Histogram => {
  const counts = new Map<number, number>();
  for (const length of all) counts.set(bucketOf(length), (counts.get(bucketOf(length)) ?? 0) + 1);
  return counts;
};

it("A bucket says a length to within 5 %", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_592_000_000 }), (length) => {
      expect(Math.abs(lengthOf(bucketOf(length)) - length)).toBeLessThanOrEqual(0.05 * length);
    }),
  );
});

it("Percentiles are those of the lengths, to within 5 %", () => {
  fc.assert(
    fc.property(lengths, fc.constantFrom(0.5, 0.95, 0.99), (all, share) => {
      const sorted = all.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil(share * all.length)) - 1] ?? 0;
      const told = percentile(histogramOf(all), share) ?? 0;
      expect(Math.abs(told - exact)).toBeLessThanOrEqual(0.05 * exact);
    }),
  );
});

it("Histograms of parts add up to that of the whole", () => {
  fc.assert(
    fc.property(lengths, fc.nat(), (all, cut) => {
      const at = cut % all.length;
      const parts = [all.slice(0, at), all.slice(at)].map(histogramOf);
      const sum = parts.reduce(plusHistogram, new Map());
      expect(new Map(sum)).toEqual(new Map(histogramOf(all)));
    }),
  );
});

it("Of nothing there is no percentile", () => {
  expect(percentile(new Map(), 0.5)).toBeNull();
  expect(percentile(new Map([[3, 0]]), 0.5)).toBeNull();
});

it("What is shorter than a millisecond is none", () => {
  expect(lengthOf(bucketOf(0))).toBe(0);
});
