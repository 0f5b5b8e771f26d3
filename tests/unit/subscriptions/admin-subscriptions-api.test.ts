import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { subscriptions, users } from "#src/db/schema/index.ts";
import type { Tier } from "#src/kernel/actor.ts";
import { runJobs } from "#workers/gateway/jobs.ts";
import { api, call, send } from "../../support/api.ts";
import { tenantObject } from "../../support/objects.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { createUser, type TestUser, tokenFor } from "../../support/users.ts";
import { auditOf, operator, registered } from "../administration/accounts.ts";

const path = "/api/v1/admin/subscriptions";
const nobody = "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c";
const dayMs = 86_400_000;
const db = database(env.DB);

interface Subscription {
  id: string;
  user_id: string;
  tier: Tier;
  status: string;
  trial_ends_at: string | null;
  payment_method: string | null;
}
interface List {
  subscriptions: Subscription[];
  total_count: number;
  page: number;
  limit: number;
  total_pages: number;
}

const create = (admin: TestUser, body: unknown) => send("POST", path, body, admin.headers);
const update = (admin: TestUser, userId: string, body: unknown) =>
  send("PUT", `${path}/${userId}`, body, admin.headers);
const list = async (admin: TestUser, query = "") =>
  bodyOf<List>(await call(`${path}?${query}`, { headers: admin.headers }), 200);
const store = (userId: string, change: Partial<typeof subscriptions.$inferInsert>) =>
  db.update(subscriptions).set(change).where(eq(subscriptions.userId, userId));
const tierOf = async (userId: string) =>
  (await db.select().from(users).where(eq(users.id, userId)).get())?.tier;
const eventsOf = async (clientId: string) =>
  (await tenantObject(clientId).readEvents({ since: 0, limit: 100 })).events.map(({ event }) => event);

describe("Who may", () => {
  const operations = [
    ["GET", ""],
    ["POST", ""],
    ["PUT", `/${nobody}`],
  ] as const;
  const ask = (method: string, below: string, headers: Record<string, string>) =>
    method === "GET" ? call(`${path}${below}`, { headers }) : send(method, `${path}${below}`, {}, headers);

  it.each(operations)("nobody %s %s without a token", async (method, below) => {
    expect((await ask(method, below, {})).status).toBe(401);
  });

  it.each(operations)("neither users nor moderators %s %s", async (method, below) => {
    for (const role of ["user", "moderator"] as const) {
      const answer = await ask(method, below, (await operator(role)).headers);
      expect(await bodyOf(answer, 403)).toMatchObject({
        error: "INSUFFICIENT_PERMISSIONS",
        details: { required_permission: "admin.subscriptions" },
      });
    }
  });

  it.each(["admin.subscriptions", "*"])("users with the permission %s do it all", async (permission) => {
    const [clerk, target] = [await operator("user"), await createUser("sub_clerk", { tier: "free" })];
    const token = await tokenFor({ ...clerk.actor, permissions: [permission] });
    const able = { ...clerk, token, headers: { authorization: `Bearer ${token}` } };
    await list(able);
    await bodyOf(await create(able, { user_id: target.actor.userId, tier: "basic" }), 201);
    await bodyOf(await update(able, target.actor.userId, { tier: "premium" }), 200);
  });

  it("no holder of another permission", async () => {
    const clerk = await operator("user");
    const token = await tokenFor({ ...clerk.actor, permissions: ["admin.users", "personas.create"] });
    expect((await call(path, { headers: { authorization: `Bearer ${token}` } })).status).toBe(403);
  });
});

describe("POST /admin/subscriptions", () => {
  it("takes the place of the free one; the user's tier, events and audit follow", async () => {
    const [admin, target] = [await operator(), await registered("sub_create")];
    const body = { user_id: target.id, tier: "premium", payment_method_id: "pm_1" };
    const made = await bodyOf<Subscription>(await create(admin, body), 201);
    expect(made).toMatchObject({
      user_id: target.id,
      tier: "premium",
      status: "active",
      trial_ends_at: null,
      end_date: null,
      payment_method: "pm_1",
    });
    expect(await bodyOf(await call("/api/v1/subscription", { headers: target.headers }), 200)).toEqual(made);
    expect(await auditOf(target.id)).toMatchObject([
      {
        action: "subscription.created",
        actor: admin.actor.userId,
        details: { subscription_id: made.id, tier: "premium", replaced: { tier: "free" } },
      },
    ]);
    await expect.poll(() => eventsOf("sub_create")).toContain("subscription.created");
  });

  it("is in the user's next token", async () => {
    const [admin, target] = [await operator(), await registered("sub_refresh")];
    const signedIn = present(
      (
        await api().POST("/api/v1/auth/login", {
          body: { email: target.email, password: "Correct-Horse-9" },
        })
      ).data,
    );
    expect(signedIn.user.tier).toBe("free");
    await bodyOf(await create(admin, { user_id: target.id, tier: "enterprise" }), 201);
    const { data } = await api().POST("/api/v1/auth/refresh", {
      body: { refresh_token: signedIn.refresh_token },
    });
    expect(data?.user.tier).toBe("enterprise");
  });

  it("begins a trial, which the job ends, back to free", async () => {
    const [admin, target] = [await operator(), await registered("sub_trial")];
    const begun = Date.now();
    const made = await bodyOf<Subscription>(
      await create(admin, { user_id: target.id, tier: "basic", trial_days: 1 }),
      201,
    );
    expect(made.status).toBe("trialing");
    const end = Date.parse(present(made.trial_ends_at));
    expect(end - begun).toBeGreaterThanOrEqual(dayMs);
    await runJobs(env, end - 1);
    expect(await tierOf(target.id)).toBe("basic");
    await runJobs(env, end);
    expect(await tierOf(target.id)).toBe("free");
    expect(await bodyOf(await call("/api/v1/subscription", { headers: target.headers }), 200)).toMatchObject({
      status: "expired",
      tier: "basic",
    });
    const { results } = await env.DB.prepare(
      "SELECT actor_id, details FROM audit_log WHERE action = 'subscription.expired' AND target_id = ?",
    )
      .bind(target.id)
      .all();
    expect(results).toEqual([{ actor_id: null, details: expect.stringContaining("trial_ended") }]);
    await runJobs(env, end);
    await expect.poll(() => eventsOf("sub_trial")).toContain("subscription.updated");
    expect((await eventsOf("sub_trial")).filter((name) => name === "subscription.updated")).toHaveLength(1);
  });

  it.each([
    ["active", { status: "active" }],
    ["on trial", { status: "trialing", trialEndsAt: Date.now() + dayMs }],
    ["past due", { status: "past_due" }],
    ["canceled but paid for", { status: "canceled", endDate: Date.now() + dayMs }],
  ] as const)("is refused while another is %s", async (_, stored) => {
    const [admin, target] = [await operator(), await createUser("sub_exists", { tier: "basic" })];
    const { userId } = target.actor;
    await store(userId, stored);
    const answer = await create(admin, { user_id: userId, tier: "premium" });
    expect(await bodyOf(answer, 409)).toMatchObject({ error: "CONFLICT", details: { user_id: userId } });
    expect(await tierOf(userId)).toBe("basic");
    expect(await auditOf(userId)).toEqual([]);
  });

  it.each([
    ["expired", { status: "expired" }],
    ["canceled and over", { status: "canceled", endDate: 1000 }],
    ["past its term", { endDate: 1000 }],
    ["past its trial", { status: "trialing", trialEndsAt: 1000 }],
  ] as const)("takes the place of one that is %s", async (_, stored) => {
    const [admin, target] = [await operator(), await createUser("sub_ended", { tier: "basic" })];
    const { userId } = target.actor;
    await store(userId, stored);
    expect(await bodyOf(await create(admin, { user_id: userId, tier: "premium" }), 201)).toMatchObject({
      tier: "premium",
      status: "active",
      end_date: null,
      trial_ends_at: null,
    });
    expect(await tierOf(userId)).toBe("premium");
  });

  it("serves a user who has none", async () => {
    const [admin, target] = [await operator(), await createUser("sub_none", { tier: "free" })];
    const { userId } = target.actor;
    await db.delete(subscriptions).where(eq(subscriptions.userId, userId));
    await bodyOf(await create(admin, { user_id: userId, tier: "basic" }), 201);
    expect(await tierOf(userId)).toBe("basic");
  });

  it("happens once, also for two at once", async () => {
    const [admin, target] = [await operator(), await createUser("sub_twice", { tier: "free" })];
    const { userId } = target.actor;
    const answers = await Promise.all(
      (["basic", "premium"] as const).map((tier) => create(admin, { user_id: userId, tier })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const made = present(answers.find(({ status }) => status === 201));
    expect(await tierOf(userId)).toBe((await made.json<Subscription>()).tier);
    expect(await auditOf(userId)).toHaveLength(1);
  });

  it("does not give the free tier to who has it", async () => {
    const [admin, target] = [await operator(), await createUser("sub_free", { tier: "free" })];
    expect((await create(admin, { user_id: target.actor.userId, tier: "free" })).status).toBe(409);
  });

  it("knows no unknown and no deleted user", async () => {
    const [admin, target] = [await operator(), await registered("sub_unknown")];
    await send("DELETE", `/api/v1/admin/users/${target.id}`, {}, admin.headers);
    for (const user_id of [nobody, target.id]) {
      expect(await bodyOf(await create(admin, { user_id, tier: "basic" }), 404)).toMatchObject({
        error: "USER_NOT_FOUND",
      });
    }
  });

  it.each([
    {},
    { tier: "basic" },
    { user_id: nobody },
    { user_id: "x", tier: "basic" },
    { user_id: nobody, tier: "gold" },
    { user_id: nobody, tier: "basic", trial_days: -1 },
    { user_id: nobody, tier: "basic", trial_days: 1.5 },
    { user_id: nobody, tier: "basic", trial_days: 366 },
    { user_id: nobody, tier: "free", trial_days: 7 },
    { user_id: nobody, tier: "basic", payment_method_id: "4111111111111111" },
    { user_id: nobody, tier: "basic", payment_method_id: "" },
    { user_id: nobody, tier: "basic", status: "active" },
  ])("refuses %j", async (body) => {
    expect(await bodyOf(await create(await operator(), body), 400)).toMatchObject({
      error: "VALIDATION_ERROR",
    });
  });
});

describe("PUT /admin/subscriptions/{user_id}", () => {
  it("changes the tier, the user's with it, and tells", async () => {
    const [admin, target] = [await operator(), await registered("sub_update")];
    expect(await bodyOf(await update(admin, target.id, { tier: "premium" }), 200)).toMatchObject({
      tier: "premium",
      status: "active",
    });
    expect(await tierOf(target.id)).toBe("premium");
    expect(await auditOf(target.id)).toMatchObject([
      {
        action: "subscription.updated",
        actor: admin.actor.userId,
        details: { changed: { tier: { from: "free", to: "premium" } } },
      },
    ]);
    await expect.poll(() => eventsOf("sub_update")).toContain("subscription.updated");
  });

  it("changes the payment method, removes it, and leaves the tier", async () => {
    const [admin, target] = [await operator(), await createUser("sub_payment", { tier: "basic" })];
    const { userId } = target.actor;
    const put = async (payment_method_id: string | null) =>
      bodyOf<Subscription>(await update(admin, userId, { payment_method_id }), 200);
    expect(await put("pm_2")).toMatchObject({ tier: "basic", payment_method: "pm_2" });
    const removed = await put(null);
    expect(removed).toMatchObject({ tier: "basic" });
    expect(removed).not.toHaveProperty("payment_method");
  });

  it("goes on with a trial under another tier, and ends it with the free one", async () => {
    const [admin, target] = [await operator(), await createUser("sub_trial_on", { tier: "free" })];
    const { userId } = target.actor;
    await bodyOf(await create(admin, { user_id: userId, tier: "basic", trial_days: 5 }), 201);
    expect(await bodyOf(await update(admin, userId, { tier: "premium" }), 200)).toMatchObject({
      status: "trialing",
      trial_ends_at: expect.any(String),
    });
    expect(await bodyOf(await update(admin, userId, { tier: "free" }), 200)).toMatchObject({
      status: "active",
      trial_ends_at: null,
    });
    expect(await tierOf(userId)).toBe("free");
  });

  it("does nothing when nothing differs", async () => {
    const [admin, target] = [await operator(), await createUser("sub_same", { tier: "basic" })];
    await bodyOf(await update(admin, target.actor.userId, { tier: "basic" }), 200);
    expect(await auditOf(target.actor.userId)).toEqual([]);
  });

  it("loses no change of several at once", async () => {
    const [admin, target] = [await operator(), await createUser("sub_race", { tier: "free" })];
    const { userId } = target.actor;
    const answers = await Promise.all(
      (["basic", "premium", "enterprise"] as const).map((tier) => update(admin, userId, { tier })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { tier } = present(
      await db.select().from(subscriptions).where(eq(subscriptions.userId, userId)).get(),
    );
    expect(await tierOf(userId)).toBe(tier);
    expect(await auditOf(userId)).toHaveLength(3);
  });

  it("does not change one that has ended", async () => {
    const [admin, target] = [await operator(), await createUser("sub_over", { tier: "basic" })];
    const { userId } = target.actor;
    await store(userId, { status: "expired" });
    expect(await bodyOf(await update(admin, userId, { tier: "premium" }), 409)).toMatchObject({
      error: "CONFLICT",
    });
    expect(await tierOf(userId)).toBe("basic");
  });

  it("knows no unknown user, and says when there is no subscription", async () => {
    const [admin, target] = [await operator(), await createUser("sub_missing", { tier: "free" })];
    const { userId } = target.actor;
    await db.delete(subscriptions).where(eq(subscriptions.userId, userId));
    const change = { tier: "basic" };
    expect(await bodyOf(await update(admin, nobody, change), 404)).toMatchObject({ error: "USER_NOT_FOUND" });
    expect(await bodyOf(await update(admin, userId, change), 404)).toMatchObject({
      error: "SUBSCRIPTION_NOT_FOUND",
      code: "SUB001",
    });
  });

  it.each([
    {},
    { tier: "gold" },
    { payment_method_id: "4111 1111" },
    { status: "active" },
    { trial_days: 3 },
  ])("refuses %j", async (body) => {
    const target = await createUser("sub_refused", { tier: "basic" });
    expect((await update(await operator(), target.actor.userId, body)).status).toBe(400);
    expect((await update(await operator(), "x", { tier: "basic" })).status).toBe(404);
  });
});

describe("GET /admin/subscriptions", () => {
  it("filters by status and tier, newest first, page by page", async () => {
    const admin = await operator();
    await db.update(subscriptions).set({ status: "active", tier: "free", endDate: null });
    const made: string[] = [];
    for (const at of [1, 2, 3]) {
      const { userId } = (await createUser("sub_list")).actor;
      await store(userId, { status: "past_due", tier: "premium", createdAt: at });
      made.unshift(userId);
    }
    await store((await createUser("sub_list")).actor.userId, { status: "past_due", tier: "basic" });
    const both = "status=past_due&tier=premium";
    const all = await list(admin, both);
    expect(all).toMatchObject({ total_count: 3, page: 1, limit: 20, total_pages: 1 });
    expect(all.subscriptions.map(({ user_id }) => user_id)).toEqual(made);
    const second = await list(admin, `${both}&limit=2&page=2`);
    expect(second).toMatchObject({ total_count: 3, page: 2, limit: 2, total_pages: 2 });
    expect(second.subscriptions.map(({ user_id }) => user_id)).toEqual(made.slice(2));
    expect((await list(admin, "status=past_due")).total_count).toBe(4);
    expect((await list(admin, "tier=premium")).total_count).toBe(3);
    expect((await list(admin, "status=canceled")).subscriptions).toEqual([]);
  });

  it.each(["page=0", "limit=0", "limit=101", "status=gone", "tier=gold"])("refuses %s", async (query) => {
    const { headers } = await operator();
    expect((await call(`${path}?${query}`, { headers })).status).toBe(400);
  });
});

describe("Other ways to change a subscription", () => {
  it("a tier given by user administration puts one that has ended in force again, and tells", async () => {
    const [admin, target] = [await operator(), await registered("sub_followed")];
    await store(target.id, { status: "expired", tier: "premium", trialEndsAt: 1000 });
    await send("PUT", `/api/v1/admin/users/${target.id}`, { subscription_tier: "premium" }, admin.headers);
    expect(await bodyOf(await call("/api/v1/subscription", { headers: target.headers }), 200)).toMatchObject({
      tier: "premium",
      status: "active",
      trial_ends_at: null,
    });
    await expect.poll(() => eventsOf("sub_followed")).toContain("subscription.updated");
  });

  it("another change of an account leaves it alone", async () => {
    const [admin, target] = [await operator(), await registered("sub_left")];
    await store(target.id, { status: "expired", tier: "premium" });
    await send("PUT", `/api/v1/admin/users/${target.id}`, { email_verified: true }, admin.headers);
    expect(await bodyOf(await call("/api/v1/subscription", { headers: target.headers }), 200)).toMatchObject({
      tier: "premium",
      status: "expired",
    });
  });

  it("ends with the account, and tells", async () => {
    const [admin, target] = [await operator(), await registered("sub_cancelled")];
    await send("DELETE", `/api/v1/admin/users/${target.id}`, {}, admin.headers);
    await expect.poll(() => eventsOf("sub_cancelled")).toContain("subscription.cancelled");
  });
});
