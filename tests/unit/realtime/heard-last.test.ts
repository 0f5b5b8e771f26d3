import fc from "fast-check";
import { expect, it } from "vitest";
import { HeardLast } from "#durable-objects/tenant-hub/heard-last.ts";

it("Held is what was asked for last, as far as there is room, whatever is set, asked for and taken away", () => {
  const steps = fc.array(
    fc.record({
      what: fc.constantFrom("set", "get", "delete"),
      key: fc.nat(5),
      weight: fc.integer({ min: 1, max: 6 }),
    }),
  );
  fc.assert(
    fc.property(steps, (all) => {
      const held = new HeardLast<number, { weight: number }>(10);
      let model: [number, { weight: number }][] = [];
      for (const { what, key, weight } of all) {
        const known = model.find(([one]) => one === key);
        model = model.filter(([one]) => one !== key);
        if (what === "delete") held.delete(key);
        if (what === "get") {
          expect(held.get(key)).toBe(known?.[1]);
          if (known) model.push(known);
        }
        if (what !== "set") continue;
        const value = { weight };
        held.set(key, value);
        model.push([key, value]);
        while (model.reduce((sum, [, one]) => sum + one.weight, 0) > 10) model.shift();
      }
      for (const [key, value] of model) expect(held.get(key)).toBe(value);
    }),
  );
});

it("What is heavier than there is room is not held, and takes the place of everything else", () => {
  const held = new HeardLast<string, { weight: number }>(10);
  held.set("light", { weight: 1 });
  held.set("heavy", { weight: 11 });
  expect([held.get("light"), held.get("heavy")]).toEqual([undefined, undefined]);
});
