import { env, exports } from "cloudflare:workers";
import { createHash } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { PersistedQueries } from "#src/graphql/persisted-queries.ts";
import { codesOf, graphqlRequest, query } from "../../support/graphql.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
const named = (sha256Hash: string, version = 1) => ({
  extensions: { persistedQuery: { version, sha256Hash } },
});
const keyOf = (text: string) => `graphql:${hashOf(text)}`;

async function ask(user: TestUser | undefined, body: object) {
  return (await graphqlRequest(body, user)).json<{
    data?: unknown;
    errors?: { extensions: { code: string } }[];
  }>();
}

describe("A document is named by its hash", () => {
  it("once it has been sent, by everybody and also by GET", async () => {
    const user = await createUser("graphql_apq");
    const text = "query Apq { me { role } }";
    expect(codesOf(await ask(user, named(hashOf(text))))).toEqual(["PERSISTED_QUERY_NOT_FOUND"]);
    expect(await ask(user, { query: text, ...named(hashOf(text)) })).toMatchObject({
      data: { me: { role: "USER" } },
    });
    const other = await createUser("graphql_apq_others", { role: "admin" });
    expect(await ask(other, named(hashOf(text)))).toMatchObject({ data: { me: { role: "ADMIN" } } });
    const asked = new URLSearchParams({ extensions: JSON.stringify(named(hashOf(text)).extensions) });
    const byAddress = await exports.default.fetch(`http://platform.test/graphql?${asked}`, {
      headers: user.headers,
    });
    expect(await byAddress.json()).toMatchObject({ data: { me: { role: "USER" } } });
    await vi.waitUntil(async () => (await env.CACHE.get(keyOf(text))) === text);
  });

  it("that is its own, in the version that there is", async () => {
    const user = await createUser("graphql_apq");
    const text = "query Apq2 { me { role } }";
    expect(codesOf(await ask(user, { query: text, ...named(hashOf("else")) }))).toEqual([
      "PERSISTED_QUERY_MISMATCH",
    ]);
    expect(codesOf(await ask(user, { query: text, ...named(hashOf(text), 2) }))).toEqual([
      "PERSISTED_QUERY_NOT_SUPPORTED",
    ]);
    expect(codesOf(await ask(user, named("../secrets")))).toEqual(["PERSISTED_QUERY_NOT_FOUND"]);
  });

  it("only if somebody who is signed in can have it carried out", async () => {
    const user = await createUser("graphql_apq");
    const texts = [
      "query Apq3 { nobody }",
      "query Apq4 { projects(first: 100) { nodes { id name clientId } } }",
    ];
    for (const text of texts) await ask(user, { query: text, ...named(hashOf(text)) });
    const open = "query Apq5 { __typename }";
    await ask(undefined, { query: open, ...named(hashOf(open)) });
    for (const text of [...texts, open])
      expect(codesOf(await ask(user, named(hashOf(text))))).toEqual(["PERSISTED_QUERY_NOT_FOUND"]);
    expect(codesOf(await ask(undefined, named(hashOf(open))))).toEqual(["PERSISTED_QUERY_NOT_FOUND"]);
  });
});

describe("What is kept", () => {
  const at = (now: number) => {
    const behind: Promise<unknown>[] = [];
    const later = (_what: string, work: () => Promise<unknown>) => void behind.push(work());
    return {
      kept: new PersistedQueries(env.CACHE, { clock: { now: () => now }, later }),
      done: () => Promise.all(behind),
    };
  };
  const dayMs = 86_400_000;
  const start = Date.now();

  it("is renewed when it is asked for in its last ten days", async () => {
    const text = "query Apq6 { me { id } }";
    const keptAt = async () => (await env.CACHE.getWithMetadata(keyOf(text))).metadata;
    for (const [day, renewed] of [
      [0, 0],
      [19, 0],
      [21, 21],
      [30, 21],
    ] as const) {
      const { kept, done } = at(start + day * dayMs);
      if (day === 0) kept.keep(hashOf(text), text, "somebody");
      expect(await kept.find(hashOf(text))).toBe(text);
      await done();
      expect(await keptAt()).toEqual({ keptAt: start + renewed * dayMs });
    }
  });

  it("is at most a hundred an hour of one caller", async () => {
    const { kept, done } = at(start);
    const texts = Array.from({ length: 101 }, (_, index) => `query Apq7 { me { id } } # ${index}`);
    for (const text of texts) kept.keep(hashOf(text), text, "busy");
    await done();
    const found = await Promise.all(texts.map((text) => env.CACHE.get(keyOf(text))));
    expect(found.filter((text) => text !== null)).toHaveLength(100);
    const next = at(start + 3_600_000);
    const [last = ""] = texts.slice(-1);
    next.kept.keep(hashOf(last), last, "busy");
    await next.done();
    expect(await env.CACHE.get(keyOf(last))).toBe(last);
  });
});

it("A document is answered the same by its hash as by its text", async () => {
  const user = await createUser("graphql_apq");
  const text = "query Apq8 { me { id email role tier } }";
  const whole = await query(user, text);
  await ask(user, { query: text, ...named(hashOf(text)) });
  expect(await ask(user, named(hashOf(text)))).toEqual(whole);
});
