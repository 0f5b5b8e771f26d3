import { validate } from "@cfworker/json-schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applySchema } from "#src/json-schema/apply-schema.ts";
import { Pattern } from "#src/json-schema/pattern.ts";
import { Work } from "#src/json-schema/work.ts";

const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, 0, 1, 2.5, 30, "a", "ab", "b1", "2024-02-29", "x@y.example"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "ab", "c1"), tie("value"), { maxKeys: 3 }),
  ),
})).value;

const { schema } = fc.letrec<{ schema: unknown }>((tie) => {
  const part = tie("schema");
  const parts = fc.array(part, { minLength: 1, maxLength: 3 });
  const named = fc.dictionary(fc.constantFrom("a", "b", "c1"), part, { maxKeys: 2 });
  const count = fc.nat(3);
  return {
    schema: fc.oneof(
      { maxDepth: 3 },
      fc.boolean(),
      fc.record(
        {
          type: fc.constantFrom("object", "array", "string", "number", "integer", "boolean", "null"),
          $ref: fc.constantFrom("#/$defs/x", "#/$defs/y"),
          properties: named,
          patternProperties: fc.dictionary(fc.constantFrom("^a", "\\d"), part, { maxKeys: 2 }),
          additionalProperties: part,
          required: fc.array(fc.constantFrom("a", "b")),
          propertyNames: part,
          dependentRequired: fc.constant({ a: ["b"] }),
          dependentSchemas: named,
          items: part,
          prefixItems: parts,
          contains: part,
          uniqueItems: fc.boolean(),
          allOf: parts,
          anyOf: parts,
          oneOf: parts,
          not: part,
          if: part,
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
          then: part,
          else: part,
          enum: fc.array(value, { minLength: 1, maxLength: 3 }),
          const: value,
          minimum: count,
          exclusiveMaximum: count,
          multipleOf: fc.constantFrom(0.5, 2, 0.1),
          minLength: count,
          maxItems: count,
          minProperties: count,
          pattern: fc.constantFrom("^a", "b$", "[0-9]+", "a.b"),
          format: fc.constantFrom("date", "email", "unknown"),
        },
        { requiredKeys: [] },
      ),
    ),
  };
});

describe("Our JSON Schema", () => {
  it("says of every value what another implementation says", () => {
    const defs = { x: { type: "object" }, y: { minimum: 1 } };
    fc.assert(
      fc.property(schema, value, (of, instance) => {
        const root: Record<string, unknown> = { $defs: defs, allOf: [of] };
        expect(applySchema(root, instance).length === 0).toBe(
          validate(instance, structuredClone(root), "2020-12").valid,
        );
      }),
      { numRuns: 500, seed: 11 },
    );
  });

  it.each<[string, Record<string, unknown>, unknown, boolean]>([
    [
      "properties that a part has looked at",
      { allOf: [{ properties: { a: {} } }], unevaluatedProperties: false },
      { a: 1 },
      true,
    ],
    [
      "properties that nobody has looked at",
      { properties: { a: {} }, unevaluatedProperties: false },
      { b: 1 },
      false,
    ],
    ["items that nobody has looked at", { prefixItems: [{}], unevaluatedItems: false }, [1, 2], false],
    [
      "equal objects in another order",
      { uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      false,
    ],
    ["a text and a number that look alike", { uniqueItems: true }, ["1", 1], true],
    ["no more than maxContains", { contains: { const: 1 }, maxContains: 1 }, [1, 1], false],
  ])("knows %s", (_, of, instance, isValid) => {
    expect(applySchema(of, instance).length === 0).toBe(isValid);
  });
});

describe("A pattern", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "b", "1", " ", "\u3000", "[", "é", "漢", "😀", "-"),
    maxLength: 6,
  });

  it.each([
    "^[a-z]+$",
    "(a|b)*1",
    "^\\s+$",
    "[\\s1]+$",
    "^\\S+$",
    "[^\\s]",
    "\\p{L}{2}",
    "\\p{Script=Han}",
    "^.$",
    "[[a]",
    "a{2,3}b?",
    "(?<name>a)b",
    "\\u{1F600}",
    "[\\w-]+$",
    "\\bb",
    "^$",
    "^(?:a|ab)(?:b|)$",
    "\\d+(?:-\\d+)?",
  ])("%s matches what JavaScript's does", (source) => {
    const pattern = new Pattern(source);
    const native = new RegExp(source, "u");
    fc.assert(
      fc.property(text, (of) => {
        expect(pattern.test(of, new Work())).toBe(native.test(of));
      }),
      { numRuns: 300, seed: 11 },
    );
  });
});

describe("Formats", () => {
  it.each<[string, string[], string[]]>([
    [
      "date",
      ["2024-02-29", "1999-12-31"],
      ["2023-02-29", "2024-13-01", "2024-00-10", "24-01-01", "2024-1-1"],
    ],
    [
      "time",
      ["10:00:00Z", "23:59:60Z", "10:00:00.5+02:00"],
      ["10:00:00", "24:00:00Z", "10:00:60Z", "10:60:00Z"],
    ],
    [
      "date-time",
      ["2024-02-29T10:00:00Z", "2024-02-29 10:00:00-08:00"],
      ["2024-02-30T10:00:00Z", "2024-02-29"],
    ],
    ["duration", ["P1Y2M3DT4H5M6S", "PT1S", "P2W"], ["P", "PT", "P1", "1Y", "P1H"]],
    [
      "email",
      ["a@b.example", '"a b"@c.example', "a@[127.0.0.1]"],
      ["a", "@b", "a..b@c.example", ".a@b.example", "a@-b"],
    ],
    ["hostname", ["a", "a-b.example"], ["-a", "a..b", "a_b", "x".repeat(64)]],
    ["ipv4", ["127.0.0.1"], ["256.0.0.1", "1.2.3"]],
    ["ipv6", ["::1", "2001:db8::1", "::ffff:1.2.3.4"], ["1::2::3", "12345::", "localhost"]],
    ["uri", ["https://example.com/a?b#c", "mailto:a@b.example"], ["/a", "https://example.com/ä b", "no"]],
    ["uri-reference", ["/a", "a?b", "https://example.com/"], ["a b", "\\\\a"]],
    ["uuid", ["01900000-0000-7000-8000-00000000abcd"], ["01900000"]],
    ["json-pointer", ["", "/a/~0b"], ["a", "/~2"]],
    ["unheard-of", ["anything"], []],
  ])("%s", (format, good, bad) => {
    const fits = (text: string) => applySchema({ format }, text).length === 0;
    expect(good.filter((text) => !fits(text))).toEqual([]);
    expect(bad.filter(fits)).toEqual([]);
  });
});
