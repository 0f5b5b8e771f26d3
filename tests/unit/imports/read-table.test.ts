import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvFile, jsonLinesFile } from "#src/exports/index.ts";
import {
  asJson,
  asKept,
  asList,
  asNull,
  asNumber,
  asText,
  maxImportRows,
  readTable,
} from "#src/imports/index.ts";

const columns = {
  sku: asText,
  notes: asKept,
  category: asNull,
  price: asNumber,
  tags: asList,
  facts: asJson,
};

interface Thing {
  sku: string;
  notes: string;
  category: string | null;
  price: number;
  facts: Record<string, unknown>;
}

const exported = [
  ["sku", ({ sku }: Thing) => sku],
  ["notes", ({ notes }: Thing) => notes],
  ["category", ({ category }: Thing) => category],
  ["price", ({ price }: Thing) => price],
  ["facts", ({ facts }: Thing) => JSON.stringify(facts)],
  ["made_at", () => "2026-11-28T00:00:00Z"],
] as const;

/** Texts as people write them, and as they do not: quotes, line ends, formulas, apostrophes. */
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom("'", '"', "=", "+", "-", "@", "\n", "\r", "\t", ",", ";", "a", " "),
    maxLength: 8,
  }),
);
const filled = text.filter((value) => value.trim() !== "");
const things = fc.array(
  fc.record({
    sku: filled,
    notes: text,
    category: fc.oneof(fc.constant(null), filled),
    price: fc.nat(),
    facts: fc.dictionary(filled, text, { noNullPrototype: true }),
  }),
  { minLength: 1, maxLength: 5 },
);

describe("A file that was exported", () => {
  it("is read as what it was made of, as a table", () => {
    fc.assert(
      fc.property(things, (rows) => {
        const file = csvFile("things", exported);
        const read = readTable(file.head + file.rows(rows, 0), columns, "sku");
        expect(read.map((row) => "item" in row && row.item)).toEqual(rows);
      }),
      { numRuns: 300 },
    );
  });

  it("is read as what it was made of, as lines of JSON", () => {
    fc.assert(
      fc.property(things, (rows) => {
        const file = jsonLinesFile("things", exported);
        const read = readTable(file.head + file.rows(rows, 0), columns, "sku");
        expect(read.map((row) => "item" in row && row.item)).toEqual(rows);
      }),
      { numRuns: 300 },
    );
  });
});

describe("A table", () => {
  it("names its columns in any order, with any delimiter, and says which row is wrong", () => {
    const table = "\uFEFFsep=;\r\nPrice;ignored;SKU\r\n100;x;A\r\n\r\n1;2\r\nmany;;B;\r\n";
    expect(readTable(table, columns, "sku")).toEqual([
      { row: 2, item: { price: 100, sku: "A" } },
      { row: 4, error: "2 columns instead of 3" },
      { row: 5, item: { price: "many", sku: "B" } },
    ]);
  });

  it("reads lists and JSON from cells, and leaves what is none for who checks it", () => {
    const [row] = readTable(`sku,tags,facts\nA,x|y,"{""a"":1}"\n`, columns, "sku");
    expect(row).toEqual({ row: 2, item: { sku: "A", tags: ["x", "y"], facts: { a: 1 } } });
    const [other] = readTable(`sku,tags,facts\nA,"[""x|y""]",{\n`, columns, "sku");
    expect(other).toEqual({ row: 2, item: { sku: "A", tags: ["x|y"], facts: "{" } });
  });

  it.each([
    ["nothing in it", ""],
    ["a header alone", "sku,notes\n"],
    ["no column that it needs", "notes\nhello\n"],
    ["a column twice", "sku,SKU\nA,B\n"],
    ["a quote that does not end", 'sku\n"A\n'],
    ["more rows than may be", `sku\n${"A\n".repeat(maxImportRows + 1)}`],
  ])("is refused whole with %s", (_what, table) => {
    expect(() => readTable(table, columns, "sku")).toThrow(expect.objectContaining({ code: "BAD_REQUEST" }));
  });
});

it("A line that is no object in JSON is refused alone", () => {
  expect(readTable('{"sku":"A"}\n[]\n{"sku":\n\n{"sku":"B","constructor":1}\n', columns, "sku")).toEqual([
    { row: 1, item: { sku: "A" } },
    { row: 2, error: "Not an object in JSON" },
    { row: 3, error: "Not an object in JSON" },
    { row: 5, item: { sku: "B" } },
  ]);
});
