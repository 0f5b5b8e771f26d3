import fc from "fast-check";
import { expect, it } from "vitest";
import { halfCharacterIn, wellFormed } from "#src/text/well-formed.ts";

const half = "\ud83d";

it("Half characters are replaced everywhere in a value, and nothing else is changed", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (any) => {
      // As JSON has it: a zero has no sign there.
      const value: unknown = JSON.parse(JSON.stringify(any));
      expect(wellFormed(value)).toEqual(JSON.parse(JSON.stringify(value).toWellFormed()));
    }),
  );
  expect(wellFormed({ a: [`x${half}`, 1, null], [half]: true })).toEqual({
    a: ["x\ufffd", 1, null],
    "\ufffd": true,
  });
});

it("A value without any is given back as it is", () => {
  const value = { a: ["😀", { b: "é" }] };
  expect(wellFormed(value)).toBe(value);
});

it("The place of one is told", () => {
  expect(halfCharacterIn({ a: [{ b: "ok" }, { b: `x${half}` }] })).toEqual(["a", "1", "b"]);
  expect(halfCharacterIn({ a: { [`k${half}`]: 1 } })).toEqual(["a", "k\ufffd"]);
  expect(halfCharacterIn(half)).toEqual([]);
  expect(halfCharacterIn(["😀", 7, null, true])).toBeUndefined();
});

it("However deep a value is nested", () => {
  const deep = JSON.parse(`${"[".repeat(100_000)}"\\ud83d"${"]".repeat(100_000)}`);
  expect(halfCharacterIn(deep)).toHaveLength(100_000);
});
