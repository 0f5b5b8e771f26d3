import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapConcurrent } from "#src/kernel/map-concurrent.ts";

describe("Work side by side", () => {
  it("keeps to the limit, does everything once, and gives results in order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(5), { maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        async (items, limit) => {
          let running = 0;
          let most = 0;
          const results = await mapConcurrent(items, limit, async (turns, index) => {
            most = Math.max(most, ++running);
            for (let turn = 0; turn <= turns; turn++) await Promise.resolve();
            running--;
            return index;
          });
          expect(results).toEqual(items.map((_, index) => index));
          expect(most).toBe(Math.min(limit, items.length));
        },
      ),
    );
  });

  it("fails with the first failure", async () => {
    const work = mapConcurrent([1, 2, 3], 2, async (item) => {
      if (item === 2) throw new Error("two");
    });
    await expect(work).rejects.toThrow("two");
  });
});
