import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { call } from "#tests/support/api.ts";
import { bodyOf } from "#tests/support/personas.ts";
import { createUser } from "#tests/support/users.ts";

interface Entries {
  entries: { action: string; actor_id: string | null; target_id: string; client_id: string }[];
  count: number;
  next_cursor: string | null;
}

const path = "/api/v1/admin/audit";

/** A tenant of its own with an administrator, and what the log has of it. */
async function tenantWithLog(clientId: string) {
  const admin = await createUser(clientId, { role: "admin" });
  const remember = (action: string, actor: string, target: string, at: number) =>
    env.DB.prepare("INSERT INTO audit_log VALUES (?, ?, ?, 'thing', ?, ?, '{}', '', '', ?)")
      .bind(crypto.randomUUID(), actor, action, target, clientId, at)
      .run();
  const ask = (query: Record<string, string> = {}) =>
    call(`${path}?${new URLSearchParams(query)}`, { headers: admin.headers });
  const actions = async (query: Record<string, string> = {}) =>
    (await bodyOf<Entries>(await ask(query), 200)).entries.map(({ action }) => action);
  return { admin, remember, ask, actions };
}

it("Administrators read their tenant's log, the latest first, by each filter and by all of them", async () => {
  const { remember, actions } = await tenantWithLog("audit_filters");
  await remember("one", "ada", "x", Date.parse("2020-01-01T12:00:00Z"));
  await remember("two", "ada", "y", Date.parse("2020-01-02T12:00:00Z"));
  await remember("two", "ben", "x", Date.parse("2020-01-03T12:00:00Z"));
  expect(await actions()).toEqual(["two", "two", "one"]);
  expect(await actions({ actor: "ada" })).toEqual(["two", "one"]);
  expect(await actions({ target: "x" })).toEqual(["two", "one"]);
  expect(await actions({ action: "one" })).toEqual(["one"]);
  expect(await actions({ from: "2020-01-02" })).toEqual(["two", "two"]);
  expect(await actions({ to: "2020-01-01" })).toEqual(["one"]);
  const all = { actor: "ada", target: "y", action: "two", from: "2020-01-02", to: "2020-01-02" };
  expect(await actions({ ...all, client_id: "audit_filters" })).toEqual(["two"]);
  expect(await actions({ ...all, target: "x" })).toEqual([]);
});

it("The log comes in pages that leave nothing out and repeat nothing, also of one millisecond", async () => {
  const { remember, ask } = await tenantWithLog("audit_log_pages");
  for (const action of ["one", "two", "three"]) await remember(action, "ada", "x", 1000);
  const first = await bodyOf<Entries>(await ask({ limit: "2" }), 200);
  const rest = await bodyOf<Entries>(await ask({ limit: "2", cursor: String(first.next_cursor) }), 200);
  expect([first.count, rest.count, rest.next_cursor]).toEqual([2, 1, null]);
  const found = [...first.entries, ...rest.entries].map(({ action }) => action);
  expect(found.toSorted()).toEqual(["one", "three", "two"]);
});

it("Another tenant's log is the operator's alone to read", async () => {
  const { remember, ask } = await tenantWithLog("audit_ours");
  await remember("ours", "ada", "x", 1000);
  await (await tenantWithLog("audit_theirs")).remember("theirs", "ada", "x", 1000);
  expect((await ask({ client_id: "audit_theirs" })).status).toBe(403);
  const operator = await createUser("operator", { role: "admin" });
  const asked = await call(`${path}?actor=ada&target=x&client_id=audit_theirs`, {
    headers: operator.headers,
  });
  const { entries } = await bodyOf<Entries>(asked, 200);
  expect(entries).toMatchObject([
    { action: "theirs", actor_id: "ada", target_id: "x", client_id: "audit_theirs" },
  ]);
});

it("Nobody but administrators reads it", async () => {
  for (const role of ["user", "moderator"] as const) {
    const { headers } = await createUser("audit_readers", { role });
    expect((await call(path, { headers })).status).toBe(403);
  }
});
