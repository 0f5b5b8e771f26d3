import { expect, it } from "vitest";
import { type ByteRange, parseByteRange } from "#src/http/byte-range.ts";

it.each<[string | undefined, number, ByteRange]>([
  [undefined, 10, undefined],
  ["bytes=0-4", 10, { offset: 0, length: 5 }],
  ["bytes=5-", 10, { offset: 5, length: 5 }],
  ["bytes=-3", 10, { offset: 7, length: 3 }],
  ["bytes=-30", 10, { offset: 0, length: 10 }],
  ["bytes=0-99", 10, { offset: 0, length: 10 }],
  ["bytes=9-9", 10, { offset: 9, length: 1 }],
  ["bytes=10-", 10, "unsatisfiable"],
  ["bytes=-0", 10, "unsatisfiable"],
  ["bytes=0-", 0, "unsatisfiable"],
  ["bytes=4-2", 10, undefined],
  ["bytes=0-1,3-4", 10, undefined],
  ["items=0-1", 10, undefined],
  ["bytes=-", 10, undefined],
  ["bytes=a-b", 10, undefined],
])("Range %s of %i bytes", (header, size, expected) => {
  expect(parseByteRange(header, size)).toEqual(expected);
});
