import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { bulkUsers } from "#src/administration/users/bulk-users.ts";
import { database } from "#src/db/client.ts";
import { runs } from "#src/db/schema/index.ts";
import { perform } from "#src/operation/perform.ts";
import { call } from "#tests/support/api.ts";
import { eventsOf } from "#tests/support/events.ts";
import { bodyOf } from "#tests/support/personas.ts";
import { oneTextStep } from "#tests/support/plans.ts";
import { testPlatform } from "#tests/support/platform-in-process.ts";
import { startedTask } from "#tests/support/tasks.ts";
import { createClient, createUser, type TestUser } from "#tests/support/users.ts";
import { ask, auditOf, operator, path, registered, signIn, useToken } from "../accounts.ts";

interface Result {
  operation: string;
  total: number;
  succeeded: number;
  failed: number;
  errors: string[];
}

const nobody = "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c";

const bulk = async (admin: TestUser, operation: string, user_ids: string[], more: object = {}) =>
  bodyOf<Result>(await ask(admin, "POST", "/bulk", { operation, user_ids, ...more }), 200);

/** An account that nobody is signed in to; made without the cost of a password. */
const unsigned = async (clientId: string) => ({ id: (await createUser(clientId)).actor.userId });

const rowOf = (userId: string) =>
  env.DB.prepare(
    `SELECT users.subscription_tier AS tier, is_active AS active, deleted_at IS NOT NULL AS deleted,
       subscriptions.tier AS subscribed, status
     FROM users JOIN subscriptions ON user_id = users.id WHERE users.id = ?`,
  )
    .bind(userId)
    .first();

describe("POST /admin/users/bulk", () => {
  it("deactivates and activates: sessions end, sign-in stops and starts, each account's audit says why", async () => {
    const admin = await operator();
    const [one, two] = [await registered("bulk_active"), await registered("bulk_active")];
    expect(await bulk(admin, "deactivate", [one.id, two.id], { reason: "Left" })).toEqual({
      operation: "deactivate",
      total: 2,
      succeeded: 2,
      failed: 0,
      errors: [],
    });
    expect(await Promise.all([useToken(one.token), useToken(two.token), signIn(one.email)])).toEqual([
      401, 401, 401,
    ]);
    expect(await auditOf(two.id)).toEqual([
      {
        action: "user.updated",
        actor: admin.actor.userId,
        details: { changed: { is_active: { from: true, to: false } }, reason: "Left" },
      },
    ]);
    expect(await bulk(admin, "activate", [one.id, two.id])).toMatchObject({ succeeded: 2 });
    expect(await signIn(one.email)).toBe(200);
    await expect.poll(() => eventsOf("bulk_active", "user.updated")).toHaveLength(4);
  });

  it("deletes softly: signed out, subscription ended, address free", async () => {
    const [admin, target] = [await operator(), await registered("bulk_delete")];
    expect(await bulk(admin, "delete", [target.id], { reason: "Asked for" })).toMatchObject({ succeeded: 1 });
    expect(await useToken(target.token)).toBe(401);
    expect(await rowOf(target.id)).toMatchObject({ deleted: 1, active: 0, status: "canceled" });
    expect(await auditOf(target.id)).toMatchObject([
      { action: "user.deleted", details: { reason: "Asked for" } },
    ]);
    await expect.poll(() => eventsOf("bulk_delete", "user.deleted")).toHaveLength(1);
  });

  it("stops what deleted accounts execute", async () => {
    const { id } = await unsigned("bulk_runs");
    const { correlationId, view } = await startedTask("bulk_runs", oneTextStep, {}, { userId: id });
    const now = Date.now();
    await database(env.DB).insert(runs).values({
      correlationId,
      revision: 1,
      clientId: "bulk_runs",
      userId: id,
      status: "running",
      fuelBudget: 1,
      fuelSpent: 0,
      tokensIn: 0,
      tokensOut: 0,
      costMicros: 0,
      createdAt: now,
      updatedAt: now,
    });
    await bulk(await operator(), "delete", [id]);
    await expect.poll(view).toMatchObject({ status: "cancelled" });
  });

  it("upgrades the tier, the subscription with it, keeps sessions, and takes no higher tier away", async () => {
    const admin = await operator();
    const free = await registered("bulk_tier");
    const higher = (await createUser("bulk_tier", { tier: "enterprise" })).actor.userId;
    const same = (await createUser("bulk_tier", { tier: "premium" })).actor.userId;
    const result = await bulk(admin, "upgrade_tier", [free.id, higher, same], {
      params: { tier: "premium" },
    });
    expect(result).toMatchObject({
      succeeded: 2,
      failed: 1,
      errors: [`User ${higher}: Has the higher tier enterprise`],
    });
    expect(await rowOf(free.id)).toMatchObject({ tier: "premium", subscribed: "premium" });
    expect(await rowOf(higher)).toMatchObject({ tier: "enterprise", subscribed: "enterprise" });
    expect(await useToken(free.token)).toBe(200);
    expect(await auditOf(same)).toEqual([]);
  });

  it("goes on past unknown, deleted and one's own accounts, and names them in the order asked for", async () => {
    const admin = await operator();
    const own = admin.actor.userId;
    const [target, gone] = [await unsigned("bulk_mixed"), await unsigned("bulk_mixed")];
    await bulk(admin, "delete", [gone.id]);
    expect(await bulk(admin, "deactivate", [nobody, own, target.id, gone.id, "x"])).toEqual({
      operation: "deactivate",
      total: 5,
      succeeded: 1,
      failed: 4,
      errors: [
        `User ${nobody}: User not found`,
        `User ${own}: You cannot do this to your own account`,
        `User ${gone.id}: User not found`,
        "User x: User not found",
      ],
    });
    expect(await rowOf(target.id)).toMatchObject({ active: 0 });
  });

  it("counts a repeated id once", async () => {
    const [admin, target] = [await operator(), await unsigned("bulk_repeated")];
    expect(await bulk(admin, "deactivate", [target.id, target.id])).toMatchObject({ total: 1, succeeded: 1 });
    expect(await auditOf(target.id)).toHaveLength(1);
  });

  it("leaves an active administrator, the last in the list, when all are asked for", async () => {
    const [caller, one, two] = [await operator(), await operator(), await operator()];
    const ids = [one.actor.userId, two.actor.userId];
    await env.DB.prepare("UPDATE users SET role = 'user' WHERE role = 'admin' AND id NOT IN (?, ?)")
      .bind(...ids)
      .run();
    expect(await bulk(caller, "deactivate", ids)).toMatchObject({
      succeeded: 1,
      errors: [`User ${two.actor.userId}: The last active administrator of a tenant has to remain one`],
    });
    expect(await bulk(caller, "delete", [two.actor.userId])).toMatchObject({ failed: 1 });
    expect(await auditOf(two.actor.userId)).toEqual([]);
  });

  it("leaves one administrator when two requests at once ask for one each", async () => {
    const [caller, one, two] = [await operator(), await operator(), await operator()];
    const ids = [one.actor.userId, two.actor.userId];
    await env.DB.prepare("UPDATE users SET role = 'user' WHERE role = 'admin' AND id NOT IN (?, ?)")
      .bind(...ids)
      .run();
    const results = await Promise.all(ids.map((id) => bulk(caller, "delete", [id])));
    expect(results.map(({ succeeded }) => succeeded).sort()).toEqual([0, 1]);
  });

  it("changes an account once when two requests at once ask for it", async () => {
    const [admin, target] = [await operator(), await unsigned("bulk_twice")];
    const results = await Promise.all([1, 2].map(() => bulk(admin, "delete", [target.id])));
    expect(results.map(({ succeeded }) => succeeded).sort()).toEqual([0, 1]);
    expect(await auditOf(target.id)).toHaveLength(1);
  });

  it.each([
    {},
    { operation: "promote", user_ids: [nobody] },
    { operation: "delete", user_ids: [] },
    { operation: "delete", user_ids: Array.from({ length: 1001 }, (_, index) => `${index}`) },
    { operation: "delete", user_ids: [7] },
    { operation: "delete", user_ids: [nobody], reason: "" },
    { operation: "delete", user_ids: [nobody], params: { tier: "free" } },
    { operation: "upgrade_tier", user_ids: [nobody] },
    { operation: "upgrade_tier", user_ids: [nobody], params: { tier: "gold" } },
    { operation: "delete", user_ids: [nobody], other: true },
  ])("refuses %j", async (body) => {
    const answer = await ask(await operator(), "POST", "/bulk", body);
    expect(await bodyOf(answer, 400)).toMatchObject({ error: "VALIDATION_ERROR" });
  });

  it.each(["user", "moderator"] as const)("no %s may", async (role) => {
    const target = await unsigned("bulk_refused");
    const body = { operation: "delete", user_ids: [target.id] };
    expect((await ask(await operator(role), "POST", "/bulk", body)).status).toBe(403);
    expect((await call(`${path}/bulk`, { method: "POST" })).status).toBe(401);
    expect(await rowOf(target.id)).toMatchObject({ deleted: 0 });
  });
});

/** Accounts, each with a subscription and a live session. */
async function crowd(count: number, clientOf: (index: number) => string): Promise<string[]> {
  const clients = new Set(Array.from({ length: count }, (_, index) => clientOf(index)));
  for (const client of clients) await createClient(client);
  const people = Array.from({ length: count }, (_, index) => ({
    id: `${clientOf(index)}-${index}`,
    client: clientOf(index),
  }));
  const list = JSON.stringify(people);
  const each = "FROM json_each(?1)";
  const insert = (sql: string) => env.DB.prepare(`${sql} ${each}`).bind(list);
  await env.DB.batch([
    insert(`INSERT INTO users (id, email, password_hash, client_id, created_at, updated_at)
      SELECT value ->> 'id', value ->> 'id' || '@crowd.example', 'none', value ->> 'client', 0, 0`),
    insert(`INSERT INTO subscriptions (id, user_id, tier, status, start_date, created_at, updated_at)
      SELECT value ->> 'id', value ->> 'id', 'free', 'active', 0, 0, 0`),
    insert(`INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, ip, user_agent, generation,
        refresh_hash, refresh_expires_at, rotated_at)
      SELECT value ->> 'id', value ->> 'id', 0, 0, 9e15, '', '', 1, 'none', 9e15, 0`),
  ]);
  return people.map(({ id }) => id);
}

describe("A thousand accounts", () => {
  it("are changed with all that follows, and their tenant hears of each", async () => {
    const ids = await crowd(1000, () => "bulk_thousand");
    expect(await bulk(await operator(), "deactivate", ids)).toMatchObject({ succeeded: 1000, errors: [] });
    const counted = await env.DB.prepare(
      `SELECT (SELECT count(*) FROM users WHERE client_id = ?1 AND is_active = 0) AS users,
         (SELECT count(*) FROM audit_log WHERE client_id = ?1 AND action = 'user.updated') AS audit,
         (SELECT count(*) FROM sessions JOIN users ON users.id = user_id
          WHERE client_id = ?1 AND revoked_at IS NOT NULL AND gate_pending = 0) AS told`,
    )
      .bind("bulk_thousand")
      .first();
    expect(counted).toEqual({ users: 1000, audit: 1000, told: 1000 });
    await expect.poll(() => eventsOf("bulk_thousand", "user.updated")).toHaveLength(1000);
  });

  /** A bulk deletion over the real database: how many statements, and which tenants heard of it, by way of their gates. */
  async function watched(ids: string[], revokeSessions = async () => {}) {
    let statements = 0;
    const counting = new Proxy(env.DB, {
      get: (target, name) => {
        if (name === "prepare") statements++;
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
    const { objects } = testPlatform();
    const tenants: string[] = [];
    const gate = (clientId: string) => {
      tenants.push(clientId);
      return { ...objects.gate(clientId), revokeSessions };
    };
    const platform = testPlatform({ db: database(counting), objects: { ...objects, gate } });
    const body = { operation: "delete", user_ids: ids };
    const { output } = await perform(bulkUsers, platform, (await operator()).actor, { body });
    return { result: output, statements, tenants };
  }

  it("cost fewer statements than an eighth of what one request may ask D1, with those of telling their gate", async () => {
    const { result, statements, tenants } = await watched(await crowd(1000, () => "bulk_statements"));
    expect(result).toMatchObject({ succeeded: 1000 });
    expect(statements).toBeGreaterThan(10);
    expect(statements).toBeLessThan(125);
    expect(tenants).toEqual(["bulk_statements"]);
  });

  it("of too many tenants are not all taken on: the rest is named", async () => {
    const { result, tenants } = await watched(await crowd(102, (index) => `bulk_tenant_${index}`));
    expect(tenants).toHaveLength(100);
    expect(result).toMatchObject({ succeeded: 100, failed: 2 });
    expect(result.errors[0]).toContain("At most 100 tenants at once");
  });

  it("whose sessions could not be ended everywhere are named as such", async () => {
    const { result } = await watched(await crowd(2, () => "bulk_unreachable"), async () => {
      throw new Error("The gate is away");
    });
    expect(result).toMatchObject({ succeeded: 0, failed: 2 });
    expect(result.errors[0]).toContain("not everywhere yet");
  });
});
