import fc from "fast-check";
import { expect, it } from "vitest";
import { isHeldOut } from "#src/recommendations/index.ts";

const people = Array.from({ length: 4000 }, (_, number) => `person-${number}`);

it.each([0, 5, 30, 100])("Of many persons %i per cent are held out, give or take", (percent) => {
  const share = people.filter((person) => isHeldOut(person, percent)).length / people.length;
  expect(Math.abs(share - percent / 100)).toBeLessThan(0.02);
});

it("Who is held out stays so, also when more are", () => {
  fc.assert(
    fc.property(fc.uuid(), fc.nat(100), fc.nat(100), (person, one, other) => {
      const [fewer, more] = [Math.min(one, other), Math.max(one, other)];
      if (isHeldOut(person, fewer)) expect(isHeldOut(person, more)).toBe(true);
    }),
  );
});
