import fc from "fast-check";
import { expect, it } from "vitest";
import { nextHolder, type PresentStaff, withGiven } from "#src/conversations/index.ts";

const one = (id: string, open: number, lastAt = 0): PresentStaff => ({ id, open, lastAt });

it.each<[string, PresentStaff[], string | null, string | undefined]>([
  ["nobody, where nobody is there", [], null, undefined],
  ["who has the fewest open", [one("ada", 3), one("bob", 1), one("eve", 2)], null, "bob"],
  ["of two with as many, who has had none for longer", [one("ada", 1, 9), one("bob", 1, 5)], null, "bob"],
  ["of new ones the first by id", [one("bob", 0), one("ada", 0)], null, "ada"],
  ["not who has let go of it", [one("ada", 0), one("bob", 5)], "ada", "bob"],
  ["nobody, where only they are there", [one("ada", 0)], "ada", undefined],
])("The next conversation is given to: %s", (_, present, leftBy, expected) => {
  expect(nextHolder(present, leftBy)).toBe(expected);
});

const staff = fc.uniqueArray(fc.record({ id: fc.uuid(), open: fc.nat(5), lastAt: fc.nat(100) }), {
  selector: ({ id }) => id,
  minLength: 1,
  maxLength: 6,
});

it("Whatever they hold, the loads of the staff come as near as one, and the order in which they are looked at says nothing", () => {
  fc.assert(
    fc.property(staff, fc.integer({ min: 31, max: 60 }), (present, many) => {
      let now = present;
      for (let at = 1000; at < 1000 + many; at++) {
        const to = nextHolder(now);
        expect(nextHolder(now.toReversed())).toBe(to);
        const [least] = now.map(({ open }) => open).sort((a, b) => a - b);
        expect(now.find(({ id }) => id === to)?.open).toBe(least);
        now = withGiven(now, to ?? "", at);
      }
      const loads = now.map(({ open }) => open);
      expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
    }),
  );
});

it("Where all is done at once, they take turns: each is given one before anybody is given two", () => {
  fc.assert(
    fc.property(staff, (present) => {
      let now = present.map((member) => ({ ...member, open: 0, lastAt: 0 }));
      const given: string[] = [];
      for (let at = 1; at <= present.length * 2; at++) {
        const to = nextHolder(now) ?? "";
        given.push(to);
        now = withGiven(now, to, at).map((member) => ({ ...member, open: 0 }));
      }
      expect(new Set(given.slice(0, present.length)).size).toBe(present.length);
      expect(given.slice(present.length)).toEqual(given.slice(0, present.length));
    }),
  );
});
