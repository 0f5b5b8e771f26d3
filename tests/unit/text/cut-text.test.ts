import fc from "fast-check";
import { expect, it } from "vitest";
import {
  afterLast,
  beforeLast,
  cutGraphemes,
  cutText,
  wholeCharacters,
  withoutPrefix,
} from "#src/text/cut-text.ts";

/** Texts of all kinds of characters, and of halves of them. */
const anyText = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.array(fc.constantFrom("\ud83d", "\ude00", "a", "😀", "e\u0301", "🇩🇪")).map((parts) => parts.join("")),
);
const most = fc.nat(30);

it("A text that is cut is well-formed, no longer than asked, and begins like the whole", () => {
  fc.assert(
    fc.property(anyText, most, (text, length) => {
      for (const cut of [cutText(text, length), cutGraphemes(text, length)]) {
        expect(cut.isWellFormed()).toBe(true);
        expect(cut.length).toBeLessThanOrEqual(length);
        expect(text.toWellFormed().startsWith(cut)).toBe(true);
      }
    }),
  );
});

it("Nothing that fits is lost, and at most one character's half more than must be", () => {
  fc.assert(
    fc.property(anyText, most, (text, length) => {
      expect(cutText(text, length).length).toBeGreaterThanOrEqual(Math.min(text.length, length - 1));
      expect(cutText(text, text.length)).toBe(text.toWellFormed());
    }),
  );
});

it.each([
  ["a flag", "ab🇩🇪", 4, "ab"],
  ["an accent", "ae\u0301", 2, "a"],
  ["a family", "x👩‍👩‍👧", 5, "x"],
  ["one that is longer than there is room", "👩‍👩‍👧", 5, "👩‍👩"],
])("Characters that people see stay whole: %s", (_, text, length, cut) => {
  expect(cutGraphemes(text, length)).toBe(cut.slice(0, length));
});

it("Half a character at the end waits for its other half", () => {
  const pieces = ["Tea \ud83d", "\ude00 more"];
  const first = wholeCharacters(pieces[0] ?? "");
  expect(first).toBe("Tea ");
  expect(withoutPrefix(pieces.join(""), first)).toBe("😀 more");
});

it("Parts around a separator", () => {
  expect([afterLast("a:b:c", ":"), afterLast("abc", ":")]).toEqual(["c", "abc"]);
  expect([beforeLast("a:b:c", ":"), beforeLast("abc", ":")]).toEqual(["a:b", ""]);
  expect([withoutPrefix("workflow:x", "workflow:"), withoutPrefix("x", "workflow:")]).toEqual(["x", "x"]);
});
