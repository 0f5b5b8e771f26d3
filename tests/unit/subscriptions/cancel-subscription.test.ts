import { describe, expect, it } from "vitest";
import { endLapsedSubscriptions } from "#src/subscriptions/end-lapsed-subscriptions.ts";
import { api, call, send } from "../../support/api.ts";
import { eventsOf } from "../../support/events.ts";
import { bodyOf } from "../../support/personas.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { createUser, type TestUser, tokenFor } from "../../support/users.ts";
import { operator } from "../administration/accounts.ts";
import { create, ownActionsOf, store, tierOf } from "./admin-subscriptions.ts";

const day = 86_400_000;

const cancel = (user: TestUser, body: unknown = {}) =>
  send("POST", "/api/v1/subscription/cancel", body, user.headers);
const resume = (user: TestUser) => send("POST", "/api/v1/subscription/resume", {}, user.headers);
/** As somebody is after a refresh, which a tier that has fallen asks for. */
const refreshed = async ({ actor }: TestUser) => {
  const token = await tokenFor({ ...actor, tier: "free" });
  return { actor, token, headers: { authorization: `Bearer ${token}` } };
};
const own = async (user: TestUser) => (await api(user.token).GET("/api/v1/subscription")).data;

describe("POST /subscription/cancel", () => {
  it("lets it go on until its period is over, unless it is told otherwise", async () => {
    const user = await createUser("cancel_later", { tier: "basic" });
    const before = await own(user);
    const cancelled = await bodyOf<Record<string, unknown>>(await cancel(user), 200);
    expect(cancelled).toMatchObject({
      tier: "basic",
      status: "canceled",
      cancel_at_period_end: true,
      cancelled_at: expect.any(String),
      end_date: before?.current_period_end,
    });
    expect(await tierOf(user.actor.userId)).toBe("basic");
  });

  it("needs no body", async () => {
    const user = await createUser("cancel_bare", { tier: "basic" });
    const path = "/api/v1/subscription/cancel";
    expect((await call(path, { method: "POST", headers: user.headers })).status).toBe(200);
  });

  it("ends it at once where that is asked for, the tier with it, and tells", async () => {
    const user = await createUser("cancel_now", { tier: "premium" });
    const cancelled = await bodyOf(await cancel(user, { at_period_end: false }), 200);
    expect(cancelled).toMatchObject({
      status: "canceled",
      cancel_at_period_end: false,
      current_period_end: null,
    });
    const { userId } = user.actor;
    expect(await tierOf(userId)).toBe("free");
    expect(await ownActionsOf(userId)).toEqual(["subscription.cancelled"]);
    await expect.poll(() => eventsOf("cancel_now", "subscription.cancelled")).toHaveLength(1);
  });

  it("changes nothing when it is asked for again, but ends at once what would have ended later", async () => {
    const user = await createUser("cancel_twice", { tier: "basic" });
    const first = await bodyOf(await cancel(user), 200);
    expect(await bodyOf(await cancel(user), 200)).toEqual(first);
    await bodyOf(await cancel(user, { at_period_end: false }), 200);
    const again = await cancel(await refreshed(user), { at_period_end: false });
    expect(await bodyOf(again, 200)).toMatchObject({ status: "canceled" });
    expect(await tierOf(user.actor.userId)).toBe("free");
    expect(await ownActionsOf(user.actor.userId)).toHaveLength(2);
  });

  it("ends a trial with its last day, and with the year what is counted by years", async () => {
    const admin = await operator();
    const [trial, yearly] = [
      await createUser("cancel_trial", { tier: "free" }),
      await createUser("cancel_year", { tier: "free" }),
    ];
    await create(admin, { user_id: trial.actor.userId, tier: "basic", trial_days: 5 });
    const tried = await own(trial);
    expect(await bodyOf(await cancel(trial), 200)).toMatchObject({ end_date: tried?.trial_ends_at });
    await create(admin, { user_id: yearly.actor.userId, tier: "basic", billing_interval: "year" });
    await cancel(yearly);
    const left = Date.parse((await own(yearly))?.end_date ?? "") - Date.now();
    expect(left).toBeGreaterThan(364 * day);
  });

  it("leaves nothing of one whose payment has failed", async () => {
    const user = await createUser("cancel_due", { tier: "basic" });
    await store(user.actor.userId, { status: "past_due", endDate: Date.now() + day });
    expect(await bodyOf(await cancel(user), 200)).toMatchObject({ cancel_at_period_end: false });
    expect(await tierOf(user.actor.userId)).toBe("free");
  });

  it("is refused where there is nothing to cancel", async () => {
    const [free, ended] = [
      await createUser("cancel_free", { tier: "free" }),
      await createUser("cancel_ended", { tier: "basic" }),
    ];
    await store(ended.actor.userId, { status: "expired" });
    for (const user of [free, ended]) {
      expect(await bodyOf(await cancel(user), 409)).toMatchObject({ error: "CONFLICT" });
    }
  });
});

describe("POST /subscription/resume", () => {
  it("takes the cancellation back while there is time", async () => {
    const user = await createUser("resume", { tier: "basic" });
    await cancel(user);
    expect(await bodyOf(await resume(user), 200)).toMatchObject({
      status: "active",
      end_date: null,
      cancelled_at: null,
      cancel_at_period_end: false,
    });
    expect(await bodyOf(await resume(user), 200)).toMatchObject({ status: "active" });
    await expect.poll(() => eventsOf("resume", "subscription.updated")).toHaveLength(1);
  });

  it("goes on with a trial", async () => {
    const user = await createUser("resume_trial", { tier: "free" });
    await create(await operator(), { user_id: user.actor.userId, tier: "basic", trial_days: 5 });
    await cancel(user);
    expect(await bodyOf(await resume(user), 200)).toMatchObject({ status: "trialing", end_date: null });
  });

  it("is too late once it is over", async () => {
    const user = await createUser("resume_late", { tier: "basic" });
    await cancel(user, { at_period_end: false });
    expect(await bodyOf(await resume(await refreshed(user)), 409)).toMatchObject({ error: "CONFLICT" });
  });
});

it("What was cancelled expires when its time has come, and its user is free", async () => {
  const user = await createUser("cancel_lapse", { tier: "basic" });
  await cancel(user);
  await endLapsedSubscriptions(testPlatform(), Date.now() + 32 * day);
  expect(await own(user)).toMatchObject({ status: "expired", cancelled_at: expect.any(String) });
  expect(await tierOf(user.actor.userId)).toBe("free");
});

it("A payment that has failed is borne with for the grace, and no longer", async () => {
  const [admin, user] = [await operator(), await createUser("grace", { tier: "basic" })];
  const path = `/api/v1/admin/subscriptions/${user.actor.userId}`;
  await send("PUT", path, { status: "past_due" }, admin.headers);
  const after = async (days: number) => {
    const platform = testPlatform();
    await endLapsedSubscriptions(platform, Date.now() + days * day);
    platform.deliver();
    return [(await own(user))?.status, await tierOf(user.actor.userId)];
  };
  expect(await after(6.9)).toEqual(["past_due", "basic"]);
  expect(await after(7.1)).toEqual(["expired", "free"]);
  await expect
    .poll(async () => (await eventsOf("grace", "subscription.updated")).map(({ data }) => data))
    .toContainEqual(expect.objectContaining({ reason: "grace_ended" }));
});
