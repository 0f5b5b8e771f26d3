import fc from "fast-check";
import { expect, it } from "vitest";
import { JsonEnd } from "#src/providers/json-end.ts";

/** Where it finds the end, in bytes from the beginning, when the text comes in pieces of such a size. */
function endOf(text: string, pieceBytes: number): number | undefined {
  const bytes = new TextEncoder().encode(text);
  const end = new JsonEnd();
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    const within = end.endIn(bytes.subarray(from, from + pieceBytes));
    if (within !== undefined) return from + within;
  }
  return undefined;
}

const compound = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()));

it("The end of a JSON object or list is found where it is, however it is cut into pieces", () => {
  fc.assert(
    fc.property(compound, fc.integer({ min: 1, max: 40 }), fc.string(), (value, pieceBytes, behind) => {
      const text = JSON.stringify(value);
      expect(endOf(`\n ${text}${behind}`, pieceBytes)).toBe(2 + Buffer.byteLength(text));
    }),
  );
});

it("What breaks off has no end", () => {
  fc.assert(
    fc.property(compound, fc.nat(), fc.integer({ min: 1, max: 40 }), (value, at, pieceBytes) => {
      const text = JSON.stringify(value);
      expect(endOf(text.slice(0, at % text.length), pieceBytes)).toBeUndefined();
    }),
  );
});

it("Quotes and brackets within strings end nothing, escapes at the edge of a piece included", () => {
  const text = JSON.stringify({ a: '\\"}]{[', b: ["\\", '\\\\"', { c: "]}" }] });
  for (let size = 1; size <= text.length; size++) expect(endOf(text, size)).toBe(text.length);
});
