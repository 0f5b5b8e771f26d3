import {
  applyD1Migrations,
  createExecutionContext,
  evictDurableObject,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { tableSteps } from "#durable-objects/tenant-workflows/tables.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import gateway from "#workers/gateway/index.ts";
import { firstMigrations, firstVersion, insertOf } from "../support/first-version.ts";
import { accessGate, circuitBreaker, tenantObject } from "../support/objects.ts";
import { emptied } from "../support/other-database.ts";
import { bodyOf } from "../support/personas.ts";

const state = firstVersion(Date.now());

describe("The first version's database", () => {
  const ask = (path: string, init: RequestInit = {}) =>
    gateway.fetch(
      new Request(`http://platform.test${path}`, init),
      { ...env, DB: env.OTHER_DB },
      createExecutionContext(),
    );

  const rowsOf = async (table: string) =>
    (await env.OTHER_DB.prepare(`SELECT * FROM "${table}"`).all()).results;

  it("has a row in every table, is carried forward with all of them, and people work on", async () => {
    await emptied(env.OTHER_DB);
    await applyD1Migrations(env.OTHER_DB, firstMigrations());
    const rows = Object.entries(state.database).flatMap(([table, rows]) =>
      rows.map((row) => insertOf(table, row)),
    );
    await env.OTHER_DB.batch([
      env.OTHER_DB.prepare("PRAGMA defer_foreign_keys = on"),
      ...rows.map(({ sql, values }) => env.OTHER_DB.prepare(sql).bind(...values)),
    ]);
    const { results: tables } = await env.OTHER_DB.prepare(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
       AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\' AND name NOT LIKE 'user\\_search%' ESCAPE '\\'
       AND name <> 'd1_migrations' ORDER BY name`,
    ).all<{ name: string }>();
    expect(Object.keys(state.database).sort()).toEqual(tables.map(({ name }) => name));
    expect(Object.entries(state.database).filter(([, rows]) => rows.length === 0)).toEqual([]);

    await applyD1Migrations(env.OTHER_DB, env.TEST_MIGRATIONS);
    for (const [table, rows] of Object.entries(state.database)) {
      // What permissions are called belongs to the platform: migrations may add some, and say better what they open.
      const kept = table === "permissions" ? rows.map(({ name }) => ({ name })) : rows;
      expect(await rowsOf(table), table).toEqual(
        expect.arrayContaining(kept.map((row) => expect.objectContaining(row))),
      );
    }
    expect((await ask("/health")).status).toBe(200);
    const { access_token } = await bodyOf<{ access_token: string }>(
      await ask("/api/v1/auth/login", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email: state.email, password: "Correct-Horse-9" }),
      }),
      200,
    );
    const headers = { authorization: `Bearer ${access_token}` };
    for (const path of [
      "user/profile",
      "user/sessions",
      "subscription",
      "projects",
      "personas/templates",
      "personas/instances",
      `personas/instances/${state.instance}`,
      `personas/instances/${state.instance}/history`,
    ]) {
      const answer = await ask(`/api/v1/${path}`, { headers });
      expect([path, answer.status]).toEqual([path, 200]);
      await answer.body?.cancel();
    }
  });
});

describe("The first version's objects open", () => {
  it("the workflow object: runs are there, what waits is answered, what is out is claimed", async () => {
    const stub = env.TENANT_WORKFLOWS.getByName("first_tenant");
    await runInDurableObject(stub, (_, { storage }) => {
      const { sql } = storage;
      const tables = sql.exec<{ name: string }>(
        `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\' AND name NOT LIKE 'memories\\_text\\_%' ESCAPE '\\'`,
      );
      for (const { name } of tables.toArray()) sql.exec(`DROP TABLE "${name}"`);
      for (const step of tableSteps.slice(0, 7)) sql.exec(step.sql);
      for (const [table, rows] of Object.entries(state.workflows)) {
        for (const row of rows) {
          const { sql: insert, values } = insertOf(table, row);
          sql.exec(insert, ...values);
        }
      }
    });
    await evictDurableObject(stub);

    const tenant = tenantObject("first_tenant");
    const statusOf = async (id: string) => valueOrThrow(await tenant.getRun(id, "tenant")).status;
    const { ended, paused, running } = state.runs;
    expect(await Promise.all([ended, paused, running].map(statusOf))).toEqual([
      "completed",
      "paused",
      "running",
    ]);
    expect(await tenant.describe()).toMatchObject({ activeRuns: 2, openTasks: 1 });
    const query = { instanceId: state.instance, text: "tea", limit: 5, types: [] };
    expect(await stub.searchMemories(query)).toMatchObject([{ content: "Likes tea" }]);
    const { events = [] } = state.workflows;
    expect((await tenant.readEvents({ since: 0, limit: 100 })).events).toMatchObject(
      events.map(({ seq, event }) => ({ seq, event })),
    );
    const taskId = `${running}.write.main`;
    const [assignment] = await tenant.claimTasks([[taskId, 1]]);
    expect(assignment).toMatchObject({ ok: true, value: { action: "ai_text_generate" } });
    expect(
      await tenant.failTask(taskId, 1, { error: { code: "E", message: "m", retryable: false } }),
    ).toEqual({
      applied: true,
    });
    expect(await statusOf(running)).toBe("failed");
    await tenant.resumeRun(paused, "tenant", { approved: true, userId: "u" });
    expect(await statusOf(paused)).toBe("completed");
  });

  it("the access gate: what had ended is refused still", async () => {
    const stub = env.ACCESS_GATE.getByName("first_tenant");
    await runInDurableObject(stub, (_, { storage }) => {
      const { sql } = storage;
      sql.exec("DROP TABLE revoked_sessions; DROP TABLE tenant");
      sql.exec(`CREATE TABLE revoked_sessions (id TEXT PRIMARY KEY, until INTEGER NOT NULL);
        CREATE INDEX revoked_sessions_until ON revoked_sessions (until);
        CREATE TABLE tenant (only INTEGER PRIMARY KEY CHECK (only = 1), active INTEGER NOT NULL);`);
      for (const row of state.gate.revoked_sessions ?? []) {
        const { sql: insert, values } = insertOf("revoked_sessions", row);
        sql.exec(insert, ...values);
      }
    });
    await evictDurableObject(stub);
    const gate = accessGate("first_tenant");
    expect((await gate.lease()).revokedSessions).toEqual(["first-session"]);
    expect((await gate.leaseSince(0)).revokedSessions).toMatchObject([{ id: "first-session" }]);
  });

  it("the circuit breaker: an open one is open", async () => {
    const stub = env.CIRCUIT_BREAKER.getByName("first-provider");
    await runInDurableObject(stub, (_, { storage }) => storage.kv.put("state", state.breaker));
    await evictDurableObject(stub);
    expect(await circuitBreaker("first-provider").view()).toMatchObject({ status: "open", trips: 1 });
  });
});
