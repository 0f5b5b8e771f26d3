import fc from "fast-check";
import { expect, it } from "vitest";
import { Pace } from "#src/webhook-delivery/index.ts";

it("No second has more deliveries than the limit, and none waits longer than it has to", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.nat(400), { maxLength: 100 }),
      (limit, pauses) => {
        const pace = new Pace();
        const begun: number[] = [];
        let now = 0;
        for (const pause of pauses) {
          now += pause;
          const at = pace.next(limit, now);
          const before = begun.at(-limit);
          expect(at).toBe(before === undefined ? now : Math.max(now, before + 1000));
          now = at;
          pace.begin(limit, now);
          begun.push(now);
        }
        for (const start of begun)
          expect(begun.filter((at) => at >= start && at < start + 1000).length).toBeLessThanOrEqual(limit);
      },
    ),
  );
});

it("Without a limit nothing waits", () => {
  const pace = new Pace();
  for (let count = 0; count < 1000; count++) {
    expect(pace.next(null, 5)).toBe(5);
    pace.begin(null, 5);
  }
});
