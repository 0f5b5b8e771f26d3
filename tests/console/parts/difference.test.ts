import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differenceOf } from "#console/parts/difference/lines.ts";
import { readable } from "#console/parts/difference/readable.ts";

const texts = fc
  .array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 })
  .map((lines) => lines.join("\n"));
const lengthOf = (text: string) => (text === "" ? 0 : text.split("\n").length);

describe("What differs between two texts", () => {
  it("is both of them, line by line: without what is new the first, without what is gone the second", () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const lines = differenceOf(before, after);
        const without = (kind: string) => lines.filter((line) => line.kind !== kind).map(({ text }) => text);
        expect(without("new").join("\n")).toBe(before);
        expect(without("gone").join("\n")).toBe(after);
      }),
    );
  });

  it("is nothing where they are the same, and never more than all of both", () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        expect(differenceOf(before, before).every(({ kind }) => kind === "same")).toBe(true);
        const changed = differenceOf(before, after).filter(({ kind }) => kind !== "same");
        expect(changed.length).toBeLessThanOrEqual(lengthOf(before) + lengthOf(after));
      }),
    );
  });

  it("keeps what can be kept: a line in the middle is one that is new", () => {
    expect(differenceOf("a\nb\nc", "a\nb\nx\nc").map(({ kind }) => kind)).toEqual([
      "same",
      "same",
      "new",
      "same",
    ]);
  });

  it("is told without counting pairs where there are too many", () => {
    const many = (word: string) => Array.from({ length: 3000 }, (_, n) => `${word} ${n}`).join("\n");
    const lines = differenceOf(`head\n${many("a")}\ntail`, `head\n${many("b")}\ntail`);
    expect(lines.filter(({ kind }) => kind === "same").map(({ text }) => text)).toEqual(["head", "tail"]);
    expect(lines).toHaveLength(6002);
  });
});

describe("A value as lines", () => {
  it("keeps the lines of texts, and has a line for each field", () => {
    expect(readable({ text: "Tea\nand cake", words: 3, sources: ["a", { url: "b" }], none: {} })).toBe(
      [
        "text:",
        "  Tea",
        "  and cake",
        "words: 3",
        "sources:",
        "  0: a",
        "  1:",
        "    url: b",
        "none: {}",
      ].join("\n"),
    );
    expect(readable(null)).toBe("null");
  });
});
