import { describe, expect, it } from "vitest";
import { problemsOf } from "#console/parts/schema-form/check.ts";
import { fieldsOf } from "#console/parts/schema-form/fields.ts";
import { blankOf, valueAt, withValue } from "#console/parts/schema-form/values.ts";

const schema = {
  type: "object",
  required: ["topic", "style"],
  properties: {
    topic: { type: "string", minLength: 1, maxLength: 500, description: "What it is about" },
    word_count: { type: "integer", minimum: 10, default: 200 },
    tone: { enum: ["dry", "warm"] },
    kind: {
      oneOf: [
        { const: 1, title: "Short" },
        { const: 2, title: "Long" },
      ],
    },
    style: { type: "object", properties: { formal: { type: "boolean" } } },
    tags: { type: "array", items: { type: "string" } },
    anything: {},
  },
};

describe("The fields of a schema", () => {
  it("are of a kind for what each part is, and JSON for the rest", () => {
    const kinds = fieldsOf(schema).map(({ path, title, kind }) => [path.join("/"), title, kind]);
    expect(kinds).toEqual([
      ["topic", "Topic", "text"],
      ["word_count", "Word count", "number"],
      ["tone", "Tone", "choice"],
      ["kind", "Kind", "choice"],
      ["style", "Style", "group"],
      ["tags", "Tags", "list"],
      ["anything", "Anything", "json"],
    ]);
  });

  it("begin with what the schema gives, and nothing else", () => {
    expect(blankOf(fieldsOf(schema))).toEqual({ word_count: 200, style: {} });
  });
});

describe("A form's value", () => {
  it("has a field set where it stands, also where nothing was", () => {
    expect(withValue({}, ["style", "formal"], true)).toEqual({ style: { formal: true } });
    expect(withValue({ tags: ["a"] }, ["tags", "1"], "b")).toEqual({ tags: ["a", "b"] });
    expect(valueAt({ style: { formal: true } }, ["style", "formal"])).toBe(true);
  });

  it("keeps what is absent absent", () => {
    expect(withValue({ topic: "tea" }, ["topic"], undefined)).toEqual({});
  });

  it("takes names that objects have by themselves for names like any other", () => {
    expect(Object.entries(withValue({}, ["constructor"], "x") ?? {})).toEqual([["constructor", "x"]]);
    expect(valueAt({}, ["constructor"])).toBeUndefined();
  });
});

describe("What is wrong", () => {
  it("is told at the field that is meant", () => {
    expect(problemsOf(schema, { topic: "", style: {} })).toHaveProperty("/topic");
    expect(problemsOf(schema, { style: {} })).toEqual({ "/topic": "This is needed" });
    expect(problemsOf(schema, { topic: "tea", style: { formal: 3 } })).toHaveProperty("/style/formal");
  });

  it("is nothing where it fits, also where a field was emptied", () => {
    expect(problemsOf(schema, { topic: "tea", style: {}, tone: undefined })).toEqual({});
  });
});
