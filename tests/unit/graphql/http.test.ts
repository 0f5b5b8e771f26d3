import { exports } from "cloudflare:workers";
import { serverAudits } from "graphql-http";
import { describe, expect, it } from "vitest";
import { codesOf, graphqlRequest, query } from "../../support/graphql.ts";
import { createUser } from "../../support/users.ts";

const url = "http://platform.test/graphql";

describe("GraphQL over HTTP", () => {
  const audits = serverAudits({
    url,
    fetchFn: (input: string, init?: RequestInit) => exports.default.fetch(input, init),
  });

  it("is audited in full", () => {
    expect(audits.length).toBeGreaterThanOrEqual(61);
  });

  it.each(audits.map((audit) => ({ name: audit.name, audit })))("$name", async ({ audit }) => {
    const { status, ...result } = await audit.fn();
    expect(status, "reason" in result ? result.reason : undefined).toBe("ok");
  });

  it("takes a query by GET, with variables, and also under /api/v1", async () => {
    const { headers } = await createUser("graphql_get");
    const asked = new URLSearchParams({
      query: "query Me($with: Boolean!) { me { role email @include(if: $with) } }",
      variables: '{"with":false}',
    });
    for (const path of ["/graphql", "/api/v1/graphql"]) {
      const answer = await exports.default.fetch(`http://platform.test${path}?${asked}`, { headers });
      expect(await answer.json()).toMatchObject({ data: { me: { role: "USER" } } });
      expect(answer.headers.get("x-graphql-cost")).toBe("3");
      expect(answer.headers.get("x-request-id")).toBeTruthy();
    }
  });

  it("does not change anything by GET", async () => {
    const asked = new URLSearchParams({ query: "mutation { __typename }" });
    const answer = await exports.default.fetch(`${url}?${asked}`, {
      headers: (await createUser("graphql_get")).headers,
    });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
  });
});

describe("Who has not said who they are", () => {
  it("learns that there is an answer, and nothing else", async () => {
    expect((await query(undefined, "{ __typename }")).data).toEqual({ __typename: "Query" });
    for (const document of [
      "{ me { id } }",
      "{ __typename me { id } }",
      "query { ...F } fragment F on Query { me { id } }",
    ]) {
      const answer = await graphqlRequest({ query: document });
      expect([answer.status, await answer.json()]).toMatchObject([401, { error: "UNAUTHORIZED" }]);
      expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    }
  });

  it("is refused with a token that is no good, whatever they ask for", async () => {
    const answer = await graphqlRequest(
      { query: "{ __typename }" },
      { headers: { authorization: "Bearer none.of.it" } },
    );
    expect([answer.status, await answer.json()]).toMatchObject([401, { error: "TOKEN_INVALID" }]);
  });
});

describe("What cannot be read is refused:", () => {
  const jsonOf = async (answer: Response) => ({ status: answer.status, body: await answer.json() });

  it.each([
    [
      "a body of more than 100 KB",
      JSON.stringify({ query: `# ${"x".repeat(101 * 1024)}` }),
      413,
      "PAYLOAD_TOO_LARGE",
    ],
    ["half a character", '{"query":"{ me { id } }","variables":{"a":"\\ud800"}}', 400, "VALIDATION_ERROR"],
    [
      "a number that is no double",
      '{"query":"{ me { id } }","variables":{"a":9007199254740993}}',
      400,
      "VALIDATION_ERROR",
    ],
  ])("%s", async (_, body, status, error) => {
    const user = await createUser("graphql_unreadable");
    expect(await jsonOf(await graphqlRequest(body, user))).toMatchObject({ status, body: { error } });
  });

  it("bytes that are no UTF-8", async () => {
    const { headers } = await createUser("graphql_unreadable");
    const body = Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d);
    const init = { method: "POST", headers: { ...headers, "content-type": "application/json" }, body };
    const answer = await exports.default.fetch(url, init);
    expect(await jsonOf(answer)).toMatchObject({ status: 400, body: { error: "VALIDATION_ERROR" } });
  });

  it.each([
    ["a list of requests", [{ query: "{ __typename }" }, { query: "{ __typename }" }]],
    ["variables that are no object", { query: "{ __typename }", variables: [1] }],
    ["no query", { variables: {} }],
  ])("%s", async (_, body) => {
    const answer = await jsonOf(await graphqlRequest(body, await createUser("graphql_unreadable")));
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: "VALIDATION_ERROR" } }] },
    });
  });

  it.each([
    ["what is no GraphQL", { query: "{ me { id }" }],
    ["a field that nobody knows", { query: "{ me { secrets } }" }],
    ["an operation that is not there", { query: "query A { me { id } }", operationName: "B" }],
    ["two operations without a name", { query: "{ me { id } } { me { id } }" }],
    ["two operations of which none is named", { query: "query A { me { id } } query B { me { id } }" }],
    [
      "a variable of the wrong type",
      { query: "query ($n: Int) { projects(first: $n) { nodes { id } } }", variables: { n: "x" } },
    ],
    [
      "null where there must be something",
      { query: "query ($id: ID = 1) { project(id: $id) { name } }", variables: { id: null } },
    ],
  ])("%s", async (_, body) => {
    const accept = { accept: "application/graphql-response+json" };
    const answer = await graphqlRequest(body, await createUser("graphql_unreadable"), accept);
    expect(codesOf(await answer.json())).toEqual(["VALIDATION_ERROR"]);
  });

  it.each([{ first: -1 }, { first: 0 }, { first: 1_000_000_000 }, { after: "nowhere" }, { after: "" }])(
    "a page of %o",
    async (variables) => {
      const document =
        "query ($first: Int, $after: String) { projects(first: $first, after: $after) { nodes { id } } }";
      const answer = await query(await createUser("graphql_unreadable"), document, variables);
      expect(answer).toMatchObject({
        data: { projects: null },
        errors: [{ extensions: { code: "VALIDATION_ERROR", status: 400 } }],
      });
    },
  );
});
