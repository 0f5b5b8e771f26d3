import fc from "fast-check";
import { expect, it } from "vitest";
import { share } from "#durable-objects/tenant-workflows/tasks/fair-places.ts";

it("One user alone gets all places but a tenth", () => {
  expect(share(100, [{ out: 0, waiting: 500 }])).toEqual([90]);
  expect(share(10, [{ out: 90, waiting: 500 }])).toEqual([0]);
  expect(share(1, [{ out: 0, waiting: 500 }])).toEqual([1]);
});

it("Who comes after a user who holds everything that one may hold gets places at once", () => {
  const [noisy, quiet] = share(10, [
    { out: 90, waiting: 500 },
    { out: 0, waiting: 3 },
  ]);
  expect([noisy, quiet]).toEqual([0, 3]);
});

it("Users who want more than there is get alike", () => {
  const all = Array.from({ length: 3 }, () => ({ out: 0, waiting: 500 }));
  const gets = share(100, all);
  expect(Math.max(...gets) - Math.min(...gets)).toBeLessThanOrEqual(1);
});

const claimants = fc.array(fc.record({ out: fc.nat(50), waiting: fc.nat(50) }), { maxLength: 8 });

it("Nobody gets what they do not want or what is not there, and nobody who has fewer goes without", () => {
  fc.assert(
    fc.property(fc.nat(100), claimants, (free, all) => {
      const gets = share(free, all);
      const given = gets.reduce((sum, count) => sum + count, 0);
      expect(given).toBeLessThanOrEqual(free);
      for (const [index, { out, waiting }] of all.entries()) {
        const got = gets[index] ?? 0;
        expect(got).toBeLessThanOrEqual(waiting);
        if (got === waiting || free === given) continue;
        // This one goes short while there are places: it has its share already.
        expect(out + got).toBeGreaterThanOrEqual(9 * (free - given));
      }
    }),
  );
});

it("While there is a place, whoever has none gets one", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), claimants, (free, others) => {
      const all = [
        ...others.slice(0, free - 1).map((one) => ({ ...one, out: one.out + 1 })),
        { out: 0, waiting: 1 },
      ];
      expect(share(free, all).at(-1)).toBe(1);
    }),
  );
});
