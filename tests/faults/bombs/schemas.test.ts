import { describe, expect, it } from "vitest";
import { outputForm } from "#src/agents/output-schema.ts";
import { applySchema } from "#src/json-schema/apply-schema.ts";
import { TooMuchWork, Work } from "#src/json-schema/work.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { schemaProblems } from "#src/personas/templates/check-schema.ts";
import { checkInput } from "#src/runs/execution/check-input.ts";
import { fillSchema } from "#workers/sandbox/anthropic/fill-schema.ts";

type Schema = Record<string, unknown>;

/** `d0` refers to `d1` twice, that to `d2` twice, and so on. */
const doubling = (twice: (ref: Schema) => Schema): Schema => ({
  $defs: Object.fromEntries(
    Array.from({ length: 61 }, (_, n) => [`d${n}`, n === 60 ? {} : twice({ $ref: `#/$defs/d${n + 1}` })]),
  ),
  $ref: "#/$defs/d0",
});
const pairs: [string, (ref: Schema) => Schema][] = [
  ["allOf", (ref) => ({ allOf: [ref, ref] })],
  ["anyOf", (ref) => ({ anyOf: [ref, ref] })],
  ["oneOf", (ref) => ({ oneOf: [ref, ref] })],
  ["not and if", (ref) => ({ not: ref, if: ref })],
  ["dependentSchemas", (ref) => ({ dependentSchemas: { a: ref, b: ref } })],
];
const nestedObject = (depth: number): Schema => (depth === 0 ? {} : { a: nestedObject(depth - 1) });
const nestedText = "a".repeat(100_000);
const objects = Array.from({ length: 20_000 }, (_, id) => ({ id }));
const texts = Array.from({ length: 3000 }, (_, n) => `${"ab".repeat(40)}${n}`);
const longEnum = Array.from({ length: 3000 }, (_, n) => ({ n }));

/** Schemas that saving takes, and what would take for ever with them. */
const atUse: [string, Schema, unknown][] = [
  [
    "doubling with each level of the value",
    doubling((ref) => ({ allOf: [{ properties: { a: ref } }, { properties: { a: ref } }] })),
    nestedObject(61),
  ],
  ["many alternatives for many values", { items: { anyOf: Array(900).fill({ type: "string" }) } }, objects],
  ["a long list of choices for many values", { items: { enum: longEnum } }, objects],
  [
    "large patterns on a long text",
    { allOf: Array(50).fill({ pattern: "(?:a.{0,100}){1,9}[xy]" }) },
    nestedText,
  ],
  [
    "many patterns on many keys",
    { patternProperties: Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`[${n}ab]{${n}}$`, {}])) },
    Object.fromEntries(texts.map((text) => [text, 1])),
  ],
];

describe("A schema whose references multiply is refused when it is saved, and by an agent that is given one", () => {
  it.each(pairs)("by %s", (_, twice) => {
    const schema = doubling(twice);
    expect(schemaProblems(schema)).toHaveLength(1);
    expect(schemaProblems({ properties: { deep: schema }, $defs: schema.$defs })).toHaveLength(1);
    expect(() => outputForm(schema)).toThrow("cannot be applied");
  });

  it.each(pairs)("and does not run when it was saved before: %s", (_, twice) => {
    const apply = () => checkInput({ a: 1, b: 1 }, doubling(twice));
    expect(apply).toThrow(AppError);
  });
});

describe("What a schema takes is counted while it is applied", () => {
  it.each(atUse)("%s", (_, schema, value) => {
    expect(schemaProblems(schema)).toEqual([]);
    expect(() => applySchema(schema, value)).toThrow(TooMuchWork);
    expect(() => checkInput({ value }, { properties: { value: schema }, ...schema })).toThrow(AppError);
    expect(() => outputForm({ ...schema, title: "own" }).check({ value })).toThrow("cannot be applied");
  });

  it.each(["a*a*a*a*a*a*a*b", ".*.*.*.*=x", "(a+)+$b", "(a|a)*b", "^(?:a?){100}a{100}b"])(
    "the pattern %s takes a text of 20 000 letters in one go",
    (pattern) => {
      const work = new Work();
      expect(applySchema({ pattern }, "a".repeat(20_000), work)).toHaveLength(1);
    },
  );

  it.each([
    "email",
    "uri",
    "uri-reference",
    "url",
    "ipv6",
    "hostname",
    "duration",
    "json-pointer",
    "uri-template",
  ])("the format %s is not looked for in a long text", (format) => {
    for (const text of [
      `${"a.".repeat(100_000)}!`,
      `${"a@".repeat(100_000)}`,
      "http://".padEnd(200_000, "1:"),
    ]) {
      const work = new Work();
      applySchema({ format }, text, work);
      expect(work.spent).toBeLessThan(100);
    }
  });

  it("uniqueItems looks at each of 20 000 objects once", () => {
    const work = new Work();
    expect(applySchema({ uniqueItems: true }, objects, work)).toEqual([]);
    expect(work.spent).toBeLessThan(40_000);
  });

  it("a list of a hundred thousand numbers is taken", () => {
    const numbers = Array.from({ length: 100_000 }, (_, n) => n);
    expect(applySchema({ items: { type: "integer" } }, numbers)).toEqual([]);
  });
});

describe("The sandbox's model fills in only so much of a schema", () => {
  const lists = (depth: number): Schema =>
    depth === 0 ? { type: "string" } : { type: "array", minItems: 20, items: lists(depth - 1) };
  it.each<[string, Schema]>([
    ["lists of lists", lists(12)],
    ["doubling properties", doubling((ref) => ({ properties: { a: ref, b: ref } }))],
    ["a circle", { $defs: { a: { anyOf: [{ $ref: "#/$defs/a" }] } }, $ref: "#/$defs/a" }],
    ["an endless text", { type: "string", minLength: 1e9 }],
  ])("%s", (_, schema) => {
    const filled = fillSchema(schema, "tea", { booleans: true, fixed: {} });
    expect(JSON.stringify(filled).length).toBeLessThan(1_000_000);
  });
});
