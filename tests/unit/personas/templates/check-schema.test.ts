import { describe, expect, it } from "vitest";
import { patternProblem } from "#src/json-schema/pattern.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { schemaProblems } from "#src/personas/templates/check-schema.ts";
import { checkInput } from "#src/runs/execution/check-input.ts";

const ring = { $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } }, $ref: "#/$defs/a" };

const nested = (depth: number): Record<string, unknown> => (depth === 0 ? {} : { not: nested(depth - 1) });

describe("A schema that cannot be applied is refused with the place of its fault", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["an unknown type", { type: "text" }, "type"],
    ["a type that is no name", { properties: { a: { type: 7 } } }, "properties.a.type"],
    ["properties that are a list", { properties: [] }, "properties"],
    ["a part that is no schema", { properties: { a: "string" } }, "properties.a"],
    ["required that is no list", { required: "topic" }, "required"],
    ["a limit that is no number", { properties: { a: { minLength: "1" } } }, "properties.a.minLength"],
    ["a negative length", { minLength: -1 }, "minLength"],
    ["an enum that is no list", { enum: "a" }, "enum"],
    ["a combination that is no list", { anyOf: {} }, "anyOf"],
    ["a broken pattern", { items: { pattern: "(" } }, "items.pattern"],
    ["a pattern that looks ahead", { pattern: "^(?=a)" }, "pattern"],
    ["an unsafe pattern as a key", { patternProperties: { "(x)\\1": {} } }, "patternProperties.(x)\\1"],
    [
      "an unsafe pattern that only a reference reaches",
      { "x-a": { pattern: "(?<!a)b" }, $ref: "#/x-a" },
      "$ref.pattern",
    ],
    ["nested 65 deep", nested(65), Array(64).fill("not").join(".")],
    ["dependencies that are no names", { dependentRequired: { a: 5 } }, "dependentRequired"],
    ["a reference out of the schema", { $ref: "https://example.com/schema" }, "$ref"],
    ["a reference to nothing", { $ref: "#/$defs/none" }, "$ref"],
    ["references in a circle", ring, ""],
    ["an id of its own", { $id: "https://example.com/schema" }, "$id"],
    ["64 KiB and more", { description: "x".repeat(70_000) }, ""],
  ])("%s", (_, schema, path) => {
    expect(schemaProblems(schema).map((problem) => problem.path.join("."))).toContain(path);
  });

  it.each<[string, Record<string, unknown>]>([
    ["an empty one", {}],
    [
      "the demo's",
      { type: "object", properties: { topic: { type: "string", minLength: 1 } }, required: ["topic"] },
    ],
    ["one with unknown keywords", { "x-order": 3, properties: { a: { "x-label": "A" } } }],
    ["one with definitions", { $defs: { n: { type: "number" } }, properties: { a: { $ref: "#/$defs/n" } } }],
    [
      "a tree that refers to itself",
      { $defs: { t: { properties: { next: { $ref: "#/$defs/t" } } } }, $ref: "#/$defs/t" },
    ],
    ["booleans as schemas", { additionalProperties: false, properties: { a: true } }],
    [
      "property names that are keywords",
      { properties: { type: { type: "string" }, $ref: { type: "string" } } },
    ],
  ])("but not %s", (_, schema) => {
    expect(schemaProblems(schema)).toEqual([]);
  });
});

describe("Patterns", () => {
  it.each([
    "(x)\\1",
    "(?=a)b",
    "(?<!a)b",
    "((a{30}){30}){30}",
    "(?:\\p{L}{900}){1}".repeat(9),
    "[",
    "a{2",
    "x".repeat(501),
  ])("%s is refused", (pattern) => {
    expect(patternProblem(pattern)).toBeTypeOf("string");
  });

  it.each([
    "^[a-z]+$",
    "^\\d{3}-\\d{4}$",
    "^(?:\\d{3})+$",
    "^[(+*)]+$",
    "\\(a+\\)+",
    "^(a|b)$",
    "^(?:https?)://",
    "\\p{L}+",
    "^(a+)+$",
    "(a|a)*b",
    "a*a*a*a*a*a*a*b",
    "\\p{Script=Greek}",
  ])("%s is fine", (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined();
  });
});

describe("Input that does not fit", () => {
  const schema = {
    type: "object",
    properties: {
      topic: { type: "string", minLength: 2 },
      tags: { type: "array", items: { type: "string" } },
      author: { type: "object", properties: { "e/mail": { type: "string" } }, required: ["name"] },
    },
    required: ["topic"],
    additionalProperties: false,
  };
  const pathsOf = (input: Record<string, unknown>, over: Record<string, unknown> = schema) => {
    try {
      checkInput(input, over);
      return [];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      expect(error.code).toBe("VALIDATION_ERROR");
      return JSON.stringify(error.details)
        .match(/"path":"[^"]*"/g)
        ?.map((path) => path.slice(8, -1));
    }
  };

  it.each<[string, Record<string, unknown>, string[]]>([
    ["a missing field", {}, ["input.topic"]],
    ["a wrong type", { topic: 7 }, ["input.topic"]],
    ["too short a text", { topic: "a" }, ["input.topic"]],
    ["an item of a list", { topic: "tea", tags: ["a", 1] }, ["input.tags.1"]],
    [
      "a field below",
      { topic: "tea", author: { "e/mail": 1 } },
      ["input.author.name", "input.author.e/mail"],
    ],
    ["an unknown field", { topic: "tea", colour: "red" }, ["input.colour"]],
    ["all at once", { tags: "x", colour: 1 }, ["input.topic", "input.tags", "input.colour"]],
  ])("names %s", (_, input, paths) => {
    expect(pathsOf(input)).toEqual(paths);
  });

  it("is no error of ours when the schema itself cannot be applied", () => {
    expect(pathsOf({}, ring)).toEqual(["config.input_schema"]);
  });
});
