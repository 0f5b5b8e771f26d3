import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { subscriptions } from "#src/db/schema/index.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";
import { auditOf, operator, registered } from "../administration/accounts.ts";
import {
  create,
  db,
  eventsOf,
  nobody,
  type Subscription,
  store,
  tierOf,
  update,
} from "./admin-subscriptions.ts";

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

  it("moves the status as the table says, and says what is possible where it does not", async () => {
    const [admin, target] = [await operator(), await createUser("sub_status", { tier: "basic" })];
    const { userId } = target.actor;
    const put = async (status: string) => bodyOf(await update(admin, userId, { status }), 200);
    expect(await put("active")).toMatchObject({ status: "active" });
    expect(await put("past_due")).toMatchObject({ status: "past_due", end_date: expect.any(String) });
    expect(await put("active")).toMatchObject({ status: "active", end_date: null });
    expect(await put("canceled")).toMatchObject({ status: "canceled", cancel_at_period_end: true });
    expect(await bodyOf(await update(admin, userId, { status: "past_due" }), 409)).toMatchObject({
      details: { status: "canceled", allowed: ["active", "trialing", "expired"] },
    });
    expect(await put("expired")).toMatchObject({ status: "expired" });
    expect(await tierOf(userId)).toBe("free");
    expect((await auditOf(userId)).map(({ action }) => action)).toContain("subscription.cancelled");
  });

  it("has no status to give to the free tier", async () => {
    const [admin, target] = [await operator(), await createUser("sub_free_status", { tier: "free" })];
    expect((await update(admin, target.actor.userId, { status: "canceled" })).status).toBe(409);
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

  it.each([{}, { tier: "gold" }, { payment_method_id: "4111 1111" }, { status: "paid" }, { trial_days: 3 }])(
    "refuses %j",
    async (body) => {
      const target = await createUser("sub_refused", { tier: "basic" });
      expect((await update(await operator(), target.actor.userId, body)).status).toBe(400);
      expect((await update(await operator(), "x", { tier: "basic" })).status).toBe(404);
    },
  );
});
