import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { subscriptions } from "#src/db/schema/index.ts";
import { runJobs } from "#workers/gateway/jobs.ts";
import { api, call, send } from "../../support/api.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";
import { auditOf, operator, registered } from "../administration/accounts.ts";
import { create, db, eventsOf, nobody, type Subscription, store, tierOf } from "./admin-subscriptions.ts";

const dayMs = 86_400_000;

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
      body: { refresh_token: signedIn.refresh_token ?? "" },
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
