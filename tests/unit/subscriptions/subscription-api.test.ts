import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { subscriptions, users } from "#src/db/schema/index.ts";
import { endLapsedSubscriptions } from "#src/subscriptions/end-lapsed-subscriptions.ts";
import { api, call, send } from "../../support/api.ts";
import { configure } from "../../support/configuration.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { createUser } from "../../support/users.ts";

const db = database(env.DB);

describe("Subscriptions", () => {
  it("show tier and status", async () => {
    const user = await createUser("sub_get", { tier: "basic" });
    const { data } = await api(user.token).GET("/api/v1/subscription");
    expect(data).toMatchObject({
      user_id: user.actor.userId,
      tier: "basic",
      status: "active",
      end_date: null,
    });
  });

  it("count what is there", async () => {
    const user = await createUser("sub_usage");
    await send("POST", "/api/v1/projects", { name: "One" }, user.headers);
    const { data } = await api(user.token).GET("/api/v1/subscription/usage");
    expect(data).toMatchObject({ personas_count: 0, projects_count: 1, content_count: 0 });
  });

  it("say what is left of a quota, and that there is no end to an unlimited one", async () => {
    const user = await createUser("sub_quota", { tier: "free" });
    await send("POST", "/api/v1/projects", { name: "One" }, user.headers);
    const quota = async (token: string) =>
      (
        await api(token).GET("/api/v1/subscription/check-quota", {
          params: { query: { resource: "projects" } },
        })
      ).data;
    expect(await quota(user.token)).toEqual({
      has_quota: true,
      resource: "projects",
      current_usage: 1,
      max_allowed: 3,
      remaining: 2,
    });
    const rich = await createUser("sub_quota", { tier: "enterprise" });
    expect(await quota(rich.token)).toMatchObject({ has_quota: true, max_allowed: -1, remaining: -1 });
  });

  it("know no other resource", async () => {
    const user = await createUser("sub_resource");
    expect(
      (await call("/api/v1/subscription/check-quota?resource=cakes", { headers: user.headers })).status,
    ).toBe(400);
  });

  it("come in four tiers with prices in cents", async () => {
    const user = await createUser("sub_tiers");
    const { data } = await api(user.token).GET("/api/v1/subscription/tiers");
    expect(
      data?.tiers.map(({ name, price_monthly_cents, max_personas }) => [
        name,
        price_monthly_cents,
        max_personas,
      ]),
    ).toEqual([
      ["free", 0, 1],
      ["basic", 999, 5],
      ["premium", 2999, 20],
      ["enterprise", 9999, -1],
    ]);
  });

  it("show the calls that each has, as the operator has configured them", async () => {
    const user = await createUser("sub_tiers");
    const limits = async (wanted: string) =>
      (await api(user.token).GET("/api/v1/subscription/tiers")).data?.tiers.find(
        ({ name }) => name === wanted,
      )?.rate_limits;
    expect(await limits("free")).toEqual({ minute: 60, hour: 1000, day: 10_000 });
    expect(await limits("enterprise")).toEqual({ minute: null, hour: null, day: null });
    await configure({ rate_limits: { free: { minute: 7 } } });
    await expect.poll(() => limits("free")).toEqual({ minute: 7, hour: 1000, day: 10_000 });
    await configure({ rate_limits: {} });
  });

  it("end with their trial or their term, and the user falls back to free", async () => {
    const [trial, lapsed, running] = [
      await createUser("sub_expire", { tier: "premium" }),
      await createUser("sub_expire", { tier: "basic" }),
      await createUser("sub_expire", { tier: "basic" }),
    ];
    const set = (userId: string, change: Partial<typeof subscriptions.$inferInsert>) =>
      db.update(subscriptions).set(change).where(eq(subscriptions.userId, userId));
    await set(trial.actor.userId, { status: "trialing", trialEndsAt: 1000 });
    await set(lapsed.actor.userId, { endDate: 1000 });
    await endLapsedSubscriptions(testPlatform(), 2000);
    const state = async (userId: string) => {
      const user = await db.select().from(users).where(eq(users.id, userId)).get();
      const subscription = await db
        .select()
        .from(subscriptions)
        .where(eq(subscriptions.userId, userId))
        .get();
      return [user?.tier, subscription?.status];
    };
    expect(await state(trial.actor.userId)).toEqual(["free", "expired"]);
    expect(await state(lapsed.actor.userId)).toEqual(["free", "expired"]);
    expect(await state(running.actor.userId)).toEqual(["basic", "active"]);
  });
});
