import fc from "fast-check";
import { getIntrospectionQuery, Kind, type OperationDefinitionNode, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { limits } from "#src/graphql/limits.ts";
import { measure } from "#src/graphql/measure.ts";
import { schema } from "#src/graphql/schema.ts";
import { codesOf, query } from "../../support/graphql.ts";
import { createUser } from "../../support/users.ts";

const user = await createUser("graphql_limits");
const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(" ");

function measured(text: string, variables: Record<string, unknown> = {}) {
  const { definitions } = parse(text);
  const fragments = new Map(
    definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );
  const isOperation = (each: (typeof definitions)[number]): each is OperationDefinitionNode =>
    each.kind === Kind.OPERATION_DEFINITION;
  const operation = definitions.find(isOperation);
  if (!operation) throw new Error("There is no operation");
  return measure({ schema, fragments, operation, variables });
}

describe("What an operation costs", () => {
  it.each([
    ["{ __typename }", 1],
    ["{ me { id email } }", 3],
    ["{ projects { nodes { id name } } }", 1 + 20 * 3],
    ["{ projects { edges { cursor node { id name } } pageInfo { hasNextPage endCursor } } }", 1 + 20 * 3],
    ["{ projects(first: 5) { nodes { id } edges { node { id } } } }", 1 + 5 * 4],
    ["{ projects(first: 2) { nodes { instances(first: 3) { nodes { id } } } } }", 1 + 2 * (1 + 1 + 3 * 2)],
    ["{ nodes(ids: [1, 2, 3]) { id } }", 1 + 3],
    ["query ($size: Int = 7) { projects(first: $size) { nodes { id } } }", 1 + 7 * 2],
    ["{ me { id @skip(if: true) ...Mine } } fragment Mine on User { email ... on User { role } }", 4],
    ["{ me { ...A ...A } } fragment A on User { id email }", 5],
    ["{ me { quotas { resource remaining } } }", 1 + 3 + 3 * 2],
    ["{ run(id: 1) { steps { name status } } }", 1 + 1 + 5 * 2],
    ["mutation { unknown { id } }", 2],
  ])("of %s", (text, cost) => {
    expect(measured(text).cost).toBe(cost);
  });

  it("goes by the variables that come with it", () => {
    const text = "query ($size: Int = 7) { projects(first: $size) { nodes { id } } }";
    expect([3, 1_000_000_000, -1, null, "x"].map((size) => measured(text, { size }).cost)).toEqual(
      [3, 100, 1, 20, 20].map((size) => 1 + size * 2),
    );
  });

  it("is the sum of its parts, whichever way they are spread over fragments", () => {
    const fields = fc.subarray(["id", "email", "role", "tier", "clientId"], { minLength: 1 });
    fc.assert(
      fc.property(fc.array(fields, { minLength: 1, maxLength: 8 }), (parts) => {
        const inFragments = times(parts.length, (at) => `...P${at}`);
        const fragments = times(parts.length, (at) => `fragment P${at} on User { ${parts[at]?.join(" ")} }`);
        const plain = measured(`{ me { ${parts.map((part) => part.join(" ")).join(" ")} } }`);
        expect(measured(`{ me { ${inFragments} } } ${fragments}`)).toEqual(plain);
        expect(plain.cost).toBe(1 + parts.flat().length);
      }),
    );
  });

  it("is counted by work that grows with the text alone, however much it stands for", () => {
    // Each fragment spreads the next one twice: two to the power of fifty fields.
    const text = `{ me { ...F0 } } ${times(50, (at) => `fragment F${at} on User { ...F${at + 1} ...F${at + 1} }`)} fragment F50 on User { id }`;
    expect(measured(text).cost).toBe(1 + 2 ** 50);
  });
});

describe("Nothing is done of a request", () => {
  const deep = (levels: number): string =>
    levels === 0 ? "id" : `instances(first: 1) { nodes { project { ${deep(levels - 1)} } } }`;

  it.each([
    ["nested deeper than 10", `{ project(id: 1) { ${deep(4)} } }`, "QUERY_TOO_DEEP"],
    [
      "nested deeper by fragments",
      `{ project(id: 1) { ...A } } fragment A on Project { instances(first: 1) { nodes { project { ...B } } } } fragment B on Project { ${deep(2)} }`,
      "QUERY_TOO_DEEP",
    ],
    ["that is too wide", "{ projects(first: 100) { nodes { id name clientId } } }", "QUERY_TOO_COMPLEX"],
    ["with more than 30 aliases", `{ ${times(31, (at) => `a${at}: __typename`)} }`, "QUERY_TOO_COMPLEX"],
    [
      "with more than 30 aliases in fragments",
      `{ ...A ...B } fragment A on Query { ${times(16, (at) => `a${at}: __typename`)} } fragment B on Query { ${times(16, (at) => `b${at}: __typename`)} }`,
      "QUERY_TOO_COMPLEX",
    ],
    ["with more than 50 directives", `{ __typename ${"@skip(if: false) ".repeat(51)} }`, "QUERY_TOO_COMPLEX"],
    [
      "whose fragments stand for too much",
      `{ me { ...F0 } } ${times(30, (at) => `fragment F${at} on User { ...F${at + 1} ...F${at + 1} }`)} fragment F30 on User { id }`,
      "QUERY_TOO_COMPLEX",
    ],
    [
      "with fragments in a circle",
      "{ me { ...A } } fragment A on User { ...B } fragment B on User { id ...A }",
      "VALIDATION_ERROR",
    ],
    ["with 10 000 aliases", `{ ${times(10_000, (at) => `a${at}:id`)} }`, "VALIDATION_ERROR"],
    ["of many braces", "{".repeat(100_000), "VALIDATION_ERROR"],
    ["of more than 1000 words", `{ ${"__typename ".repeat(1001)} }`, "VALIDATION_ERROR"],
    [
      "that asks too much about the schema",
      `{ __schema { ${times(40, () => "...S")} } } fragment S on __Schema { types { ${times(5, () => "name kind description fields { name description }")} } }`,
      "QUERY_TOO_COMPLEX",
    ],
  ])("%s", async (_, text, code) => {
    const answer = await query(user, text);
    expect(answer.data).toBeUndefined();
    expect(codesOf(answer)).toEqual([code]);
    expect(answer.errors?.[0]?.extensions.status).toBe(400);
  });

  it("whose named operation is too much, whatever stands before it", async () => {
    const text =
      "query Small { me { id } } query Large { projects(first: 100) { nodes { id name clientId } } }";
    const large = await query(user, text, {}, { operationName: "Large" });
    expect(large.errors?.[0]?.extensions).toMatchObject({
      code: "QUERY_TOO_COMPLEX",
      details: { cost: 401, limit: limits.cost },
    });
    // Only what is asked for counts.
    const small = await query(user, text, {}, { operationName: "Small" });
    expect(small.extensions).toEqual({ cost: 2 });
  });

  it("whose variables make it too much, though its text was within the limits before", async () => {
    const text = "query ($size: Int) { projects(first: $size) { nodes { id name clientId } } }";
    expect(codesOf(await query(user, text, { size: 10 }))).toEqual([]);
    expect(codesOf(await query(user, text, { size: 100 }))).toEqual(["QUERY_TOO_COMPLEX"]);
    expect(codesOf(await query(user, text, { size: 10 }))).toEqual([]);
  });
});

it("Whoever is signed in reads the schema as tools ask for it", async () => {
  const { data, errors } = await query(user, getIntrospectionQuery());
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ __schema: { queryType: { name: "Query" } } });
});
