import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeConfig } from "#src/kernel/merge-config.ts";

describe("A config laid over another", () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, Record<string, unknown>]>([
    ["adds keys", { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    ["replaces values", { a: 1 }, { a: "x" }, { a: "x" }],
    ["merges objects key by key", { a: { x: 1, y: 2 } }, { a: { y: 3 } }, { a: { x: 1, y: 3 } }],
    [
      "merges at any depth",
      { a: { b: { c: 1, d: 2 } } },
      { a: { b: { d: 3 } } },
      { a: { b: { c: 1, d: 3 } } },
    ],
    ["replaces lists as a whole", { a: [1, 2, 3] }, { a: [4] }, { a: [4] }],
    ["removes a key by null", { a: 1, b: 2 }, { a: null }, { b: 2 }],
    ["removes a nested key by null", { a: { x: 1, y: 2 } }, { a: { x: null } }, { a: { y: 2 } }],
    ["stores no null of its own", {}, { a: { b: null } }, { a: {} }],
    ["replaces a list by an object", { a: [1] }, { a: { x: 1 } }, { a: { x: 1 } }],
    ["replaces an object by a value", { a: { x: 1 } }, { a: 1 }, { a: 1 }],
    ["changes nothing when empty", { a: { x: [1] } }, {}, { a: { x: [1] } }],
  ])("%s", (_, base, over, expected) => {
    expect(mergeConfig(base, over)).toEqual(expected);
  });

  it("takes __proto__ for a key like any other", () => {
    const merged = mergeConfig({}, JSON.parse('{"__proto__": {"polluted": true}}'));
    expect(Object.hasOwn(merged, "__proto__")).toBe(true);
    expect("polluted" in merged).toBe(false);
  });

  const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
  const stringify = (value: unknown) => JSON.stringify(value);

  it("leaves both arguments as they were, and is the same laid over twice", () => {
    fc.assert(
      fc.property(json, json, (base, over) => {
        const [baseBefore, overBefore] = [stringify(base), stringify(over)];
        const once = mergeConfig(base, over);
        expect(mergeConfig(once, over)).toEqual(once);
        expect([stringify(base), stringify(over)]).toEqual([baseBefore, overBefore]);
      }),
    );
  });
});
