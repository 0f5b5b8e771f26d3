import { describe, expect, it } from "vitest";
import { conformanceOf } from "../support/conformance.ts";

const json = (schema: object) => ({ content: { "application/json": { schema } } });
const named = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const judge = conformanceOf({
  paths: {
    "/things/{id}": {
      get: {
        operationId: "getThing",
        responses: { 200: json(named("Thing")), 404: json(named("Error")) },
      },
      put: {
        operationId: "putThing",
        responses: { 201: { headers: { Location: { required: true } }, ...json(named("Thing")) } },
      },
      delete: { operationId: "deleteThing", responses: { 204: {} } },
    },
    "/things/export": {
      get: { operationId: "exportThings", responses: { 200: { content: { "text/csv": {} } } } },
    },
    "/larger": {
      get: {
        operationId: "getLarger",
        responses: {
          200: json({
            allOf: [named("Thing"), { type: "object", properties: { more: { type: "integer" } } }],
          }),
        },
      },
    },
    "/any": {
      get: {
        operationId: "getAny",
        responses: {
          200: json({
            anyOf: [
              named("Thing"),
              { type: "object", properties: {}, additionalProperties: { type: "integer" } },
            ],
          }),
        },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: "object",
        properties: {
          id: { type: "string", format: "uuid", example: { id: "not a schema" } },
          parts: { type: "array", items: { type: "object", properties: { size: { type: "integer" } } } },
        },
        required: ["id"],
      },
      Error: { type: "object", properties: { error: { type: "string" } }, required: ["error"] },
    },
  },
});

const id = "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c";
const answered = async (path: string, body: unknown, status = 200, method = "GET") =>
  (await judge({ method, path, response: Response.json(body, { status }) })).problems;

describe("The check of conformance passes", () => {
  it.each([
    ["what the schema says", "/things/1", { id, parts: [{ size: 1 }] }, 200],
    ["a documented refusal", "/things/1", { error: "NOT_FOUND" }, 404],
    ["a whole of several parts", "/larger", { id, more: 1 }, 200],
    ["one of several kinds", "/any", { id }, 200],
    ["free properties where the schema has them", "/any", { a: 1, b: 2 }, 200],
    ["a refusal of an unknown path in the one error shape", "/nothing", { error: "NOT_FOUND" }, 404],
  ])("%s", async (_, path, body, status) => {
    expect(await answered(path, body, status)).toEqual([]);
  });

  it("another documented type, an empty answer, and leaves the body to be read", async () => {
    const csv = new Response("a,b", { headers: { "content-type": "text/csv; charset=utf-8" } });
    expect((await judge({ method: "GET", path: "/things/export", response: csv })).problems).toEqual([]);
    const empty = new Response(null, { status: 204 });
    expect((await judge({ method: "DELETE", path: "/things/1", response: empty })).problems).toEqual([]);
    const verdict = await judge({ method: "GET", path: "/things/1", response: Response.json({ id }) });
    expect(verdict.operationId).toBe("getThing");
    expect(await verdict.response.json()).toEqual({ id });
  });
});

describe("The check of conformance fails", () => {
  it.each([
    ["a status that is not documented", "/things/1", { id }, 201],
    ["a missing property", "/things/1", {}, 200],
    ["a property of another type", "/things/1", { id: 5 }, 200],
    ["a property of another format", "/things/1", { id: "x" }, 200],
    ["a property that the schema does not name", "/things/1", { id, secret: 1 }, 200],
    ["one further down", "/things/1", { id, parts: [{ size: 1, weight: 2 }] }, 200],
    ["one in a whole of several parts", "/larger", { id, more: 1, secret: 2 }, 200],
    ["a wrong part", "/larger", { id, more: "x" }, 200],
    ["none of several kinds", "/any", { id, a: "x" }, 200],
    ["a refusal of another shape", "/things/1", { message: "Not found" }, 404],
    ["an operation that is not documented", "/nothing", { id }, 200],
    ["a refusal of an unknown path of another shape", "/nothing", { message: "?" }, 404],
    ["a type that is not documented", "/things/export", { id }, 200],
  ])("%s", async (_, path, body, status) => {
    expect(await answered(path, body, status)).not.toEqual([]);
  });

  it("a header that is missing", async () => {
    expect(await answered("/things/1", { id }, 201, "PUT")).toEqual(["the header Location is missing"]);
  });

  it("a body that is not JSON, one that is missing, one that should be", async () => {
    const broken = new Response("{", { headers: { "content-type": "application/json" } });
    expect((await judge({ method: "GET", path: "/things/1", response: broken })).problems).toHaveLength(1);
    const none = new Response(null, { status: 200 });
    expect((await judge({ method: "GET", path: "/things/1", response: none })).problems).toHaveLength(1);
    const text = new Response("hello", { status: 200 });
    expect((await judge({ method: "GET", path: "/things/1", response: text })).problems).toHaveLength(1);
    expect(await answered("/things/1", {}, 200, "DELETE")).toHaveLength(1);
  });
});
