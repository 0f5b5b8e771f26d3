import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { query } from "../../support/graphql.ts";
import { shopOf } from "../../support/shop.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const table = "sku,name,price,currency\nupload-1,Gyokuro,2990,EUR\n";
const mutation =
  "mutation ($file: Upload!, $dryRun: Boolean) { importProducts(file: $file, dryRun: $dryRun) { created updated failed dryRun } }";
const operations = (more: object = {}) =>
  JSON.stringify({ query: mutation, variables: { file: null, ...more } });
const map = JSON.stringify({ 0: ["variables.file"] });
const file = (text = table) => new File([text], "products.csv");

/** Sends a form. */
function upload(user: Pick<TestUser, "headers"> | undefined, parts: Record<string, string | File>) {
  const body = new FormData();
  for (const [name, part] of Object.entries(parts)) body.append(name, part);
  return exports.default.fetch("http://platform.test/graphql", {
    method: "POST",
    headers: { ...user?.headers },
    body,
  });
}

let keeper: TestUser;
beforeAll(async () => {
  keeper = (await shopOf("graphql_uploads")).keeper;
});

describe("A file that comes with an operation", () => {
  it("is taken by the variable that the map says", async () => {
    const dry = await upload(keeper, { operations: operations({ dryRun: true }), map, 0: file() });
    expect(await dry.json()).toMatchObject({
      data: { importProducts: { created: 1, updated: 0, failed: 0, dryRun: true } },
      extensions: { cost: 14 },
    });
    const done = await upload(keeper, { operations: operations(), map, 0: file() });
    expect(done.status).toBe(200);
    expect(await done.json()).toMatchObject({ data: { importProducts: { created: 1, dryRun: false } } });
    const found = await query(keeper, '{ products(filter: { q: "Gyokuro" }) { nodes { sku } } }');
    expect(found.data).toEqual({ products: { nodes: [{ sku: "upload-1" }] } });
  });

  it("may go to several fields, and several files to a field each", async () => {
    const both = `mutation ($products: Upload!, $people: Upload!) {
      importProducts(file: $products, dryRun: true) { created }
      importCustomers(file: $people, dryRun: true) { created } }`;
    const answer = await upload(keeper, {
      operations: JSON.stringify({ query: both, variables: { products: null, people: null } }),
      map: JSON.stringify({ x: ["variables.products"], y: ["variables.people"] }),
      x: file("name,sku,price,currency\nTea,upload-2,1,EUR\n"),
      y: file("name\nGrace\nEdsger\n"),
    });
    expect(await answer.json()).toMatchObject({
      data: { importProducts: { created: 1 }, importCustomers: { created: 2 } },
    });
  });

  it("is refused by the operation as by REST: to who may not, and what is no file of that kind", async () => {
    const reader = await createUser("graphql_uploads", { permissions: ["commerce.read"] });
    const refused = await upload(reader, { operations: operations(), map, 0: file() });
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: "INSUFFICIENT_PERMISSIONS" } }],
    });
    const nonsense = await upload(keeper, { operations: operations(), map, 0: file("name\nTea\n") });
    expect(await nonsense.json()).toMatchObject({
      errors: [{ extensions: { code: "BAD_REQUEST", status: 400 } }],
    });
  });

  it("is not read for who has not said who they are", async () => {
    expect((await upload(undefined, { operations: operations(), map, 0: file() })).status).toBe(401);
    expect((await upload(undefined, { nonsense: "x" })).status).toBe(401);
  });

  it("is no value of JSON, and none of a document", async () => {
    const answer = await query(keeper, mutation, { file: "products.csv" });
    expect(answer.errors).toMatchObject([{ extensions: { code: "VALIDATION_ERROR" } }]);
    const literal = await query(keeper, 'mutation { importProducts(file: "x") { created } }');
    expect(literal.errors).toMatchObject([{ extensions: { code: "VALIDATION_ERROR" } }]);
  });
});

describe("A form is refused, and nothing of it done,", () => {
  const whole = { operations: operations(), map, 0: file() };
  const { map: _, ...noMap } = whole;
  const { operations: __, ...noOperations } = whole;
  const many = Object.fromEntries(Array.from({ length: 6 }, (_none, index) => [`f${index}`, file()]));
  it.each<[string, Record<string, string | File>]>([
    ["without a map", noMap],
    ["without operations", noOperations],
    ["with a map that is no JSON", { ...whole, map: "{" }],
    ["with a map that is a list", { ...whole, map: "[]" }],
    ["with a map to nowhere", { ...whole, map: '{"0":["variables.other"]}' }],
    ["with a map into what all objects have", { ...whole, map: '{"0":["variables.__proto__.file"]}' }],
    ["with a map to what is no variable", { ...whole, map: '{"0":["query"]}' }],
    ["with a map to a variable that is there", { ...whole, operations: operations({ file: "x" }) }],
    ["without the file of its map", { operations: operations(), map }],
    ["with a text in the place of a file", { ...whole, 0: "text" }],
    ["with a file that no variable takes", { ...whole, more: file() }],
    ["with too many files", { ...whole, ...many }],
    ["with a list of operations", { ...whole, operations: `[${operations()}]` }],
    [
      "with a number that would not stay what it is",
      { ...whole, operations: operations().replace("null", "9007199254740993") },
    ],
    ["with half a character", { ...whole, operations: operations({ dryRun: "\ud800" }) }],
  ])("%s", async (_what, parts) => {
    const answer = await upload(keeper, parts);
    expect([answer.status, (await answer.json<{ error: string }>()).error]).toEqual([400, "BAD_REQUEST"]);
  });

  it("with operations of 101 KB, and with more than 20 MB in all", async () => {
    const long = await upload(keeper, {
      ...whole,
      operations: operations({ dryRun: "x".repeat(101 * 1024) }),
    });
    expect(long.status).toBe(413);
    const large = await upload(keeper, { ...whole, 0: file("x".repeat(21 * 1024 * 1024)) });
    expect(large.status).toBe(413);
  });
});
