import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { dayMs } from "#src/kernel/clock.ts";
import { endLapsedSubscriptions, tellProvider } from "#src/subscriptions/index.ts";
import { send } from "#tests/support/api.ts";
import {
  askStripe,
  happens,
  ledgerOf,
  ownSubscriptionOf,
  payer,
  storedSubscriptionOf,
} from "#tests/support/payments.ts";
import { bodyOf } from "#tests/support/personas.ts";
import { testPlatform } from "#tests/support/platform-in-process.ts";
import { createUser, type TestUser } from "#tests/support/users.ts";
import { operator } from "../../administration/accounts.ts";
import { tierOf } from "../admin-subscriptions.ts";

interface There {
  status: string;
  cancel_at_period_end: boolean;
}
const there = async (externalId: string) =>
  (await askStripe<There>("GET", `/subscriptions/${externalId}`)).body;
const change = (user: TestUser, body: unknown) =>
  send("PUT", "/api/v1/subscription/plan", body, user.headers);
const cancel = (user: TestUser, body: unknown = {}) =>
  send("POST", "/api/v1/subscription/cancel", body, user.headers);

describe("What the payment provider bills", () => {
  it("goes on when its next period is paid", async () => {
    const { user, externalId } = await payer("pay_renew");
    const before = await storedSubscriptionOf(user);
    await happens(`subscriptions/${externalId}/renew`);
    await expect
      .poll(async () => (await storedSubscriptionOf(user))?.current_period_end)
      .toBeGreaterThan(before?.current_period_end ?? 0);
    expect((await ledgerOf(user)).filter(({ kind }) => kind === "charge")).toHaveLength(2);
  });

  it("is in its grace when a payment fails, active again when it is paid, and the grace begins once", async () => {
    const { user, externalId } = await payer("pay_fail");
    await happens(`subscriptions/${externalId}/fail`);
    await expect.poll(() => ownSubscriptionOf(user)).toMatchObject({ status: "past_due", tier: "basic" });
    const first = (await ownSubscriptionOf(user))?.end_date;
    await happens(`subscriptions/${externalId}/fail`);
    expect((await ownSubscriptionOf(user))?.end_date).toBe(first);
    await happens(`subscriptions/${externalId}/renew`);
    await expect.poll(() => ownSubscriptionOf(user)).toMatchObject({ status: "active", end_date: null });
  });

  it("ends with its grace, is charged no more, and its end is in the ledger", async () => {
    const { user, externalId } = await payer("pay_grace");
    await happens(`subscriptions/${externalId}/fail`);
    await expect.poll(() => ownSubscriptionOf(user)).toMatchObject({ status: "past_due" });
    await endLapsedSubscriptions(testPlatform(), Date.now() + 8 * dayMs);
    expect(await storedSubscriptionOf(user)).toMatchObject({
      status: "expired",
      untold_since: expect.any(Number),
    });
    await tellProvider(testPlatform());
    expect(await there(externalId)).toMatchObject({ status: "canceled" });
    expect(await storedSubscriptionOf(user)).toMatchObject({ status: "expired", untold_since: null });
    expect((await ledgerOf(user)).filter(({ kind }) => kind === "ended")).toHaveLength(1);
    expect(await tierOf(user.actor.userId)).toBe("free");
  });

  it("is told of a cancellation and of its being taken back; cancelled, it ends with its period", async () => {
    const { user, externalId } = await payer("pay_cancel");
    await bodyOf(await cancel(user), 200);
    await expect.poll(() => there(externalId)).toMatchObject({ cancel_at_period_end: true });
    await bodyOf(await send("POST", "/api/v1/subscription/resume", {}, user.headers), 200);
    await expect.poll(() => there(externalId)).toMatchObject({ cancel_at_period_end: false });
    await expect.poll(() => ownSubscriptionOf(user)).toMatchObject({ status: "active" });
    await bodyOf(await cancel(user), 200);
    await expect.poll(() => there(externalId)).toMatchObject({ cancel_at_period_end: true });
    await happens(`subscriptions/${externalId}/renew`);
    await expect.poll(() => storedSubscriptionOf(user)).toMatchObject({ status: "expired" });
    expect((await ledgerOf(user)).map(({ kind }) => kind).sort()).toEqual(["began", "charge", "ended"]);
  });

  it("ends at once where that is asked for", async () => {
    const { user, externalId } = await payer("pay_cancel_now");
    await bodyOf(await cancel(user, { at_period_end: false }), 200);
    await expect.poll(() => there(externalId)).toMatchObject({ status: "canceled" });
    await expect
      .poll(() => storedSubscriptionOf(user))
      .toMatchObject({ status: "expired", untold_since: null });
  });

  it("is told later of what it could not be told when it was away", async () => {
    const { user, externalId } = await payer("pay_away");
    await happens("away/20");
    await bodyOf(await cancel(user), 200);
    expect(await storedSubscriptionOf(user)).toMatchObject({ untold_since: expect.any(Number) });
    await happens("away/0");
    await expect
      .poll(async () => {
        await tellProvider(testPlatform()).catch(() => undefined);
        return there(externalId);
      })
      .toMatchObject({ cancel_at_period_end: true });
    expect(await storedSubscriptionOf(user)).toMatchObject({ status: "canceled", untold_since: null });
  });

  it("gives money back, in the ledger once, however often it is told", async () => {
    const { user, customerId } = await payer("pay_refund");
    const charges = await askStripe<{ data: { payment_intent: string }[] }>(
      "GET",
      `/charges?customer=${customerId}`,
    );
    const payment_intent = charges.body.data[0]?.payment_intent ?? "";
    for (const amount of ["300", "200"]) await askStripe("POST", "/refunds", { payment_intent, amount });
    await expect
      .poll(async () => (await ledgerOf(user)).filter(({ kind }) => kind === "refund"))
      .toEqual([
        { kind: "refund", amount: 300 },
        { kind: "refund", amount: 200 },
      ]);
    expect(await ownSubscriptionOf(user)).toMatchObject({ status: "active" });
  });

  it("is ended when its owner deletes their account", async () => {
    const { user, externalId } = await payer("pay_deleted");
    await env.DB.prepare("UPDATE users SET deleted_at = ? WHERE id = ?")
      .bind(Date.now(), user.actor.userId)
      .run();
    await tellProvider(testPlatform());
    expect(await there(externalId)).toMatchObject({ status: "canceled" });
  });

  it("is not for administrators to change, but to end", async () => {
    const { user, externalId } = await payer("pay_admin");
    const admin = await operator();
    const put = (body: unknown) =>
      send("PUT", `/api/v1/admin/subscriptions/${user.actor.userId}`, body, admin.headers);
    expect((await put({ tier: "premium" })).status).toBe(409);
    expect((await put({ status: "past_due" })).status).toBe(409);
    expect((await put({ status: "expired" })).status).toBe(200);
    await expect.poll(() => there(externalId)).toMatchObject({ status: "canceled" });
  });
});

describe("PUT /subscription/plan", () => {
  it("goes on with a dearer tier, whose difference is paid at once, and with the year", async () => {
    const { user } = await payer("plan_dearer");
    expect(await bodyOf(await change(user, { tier: "premium" }), 200)).toMatchObject({ tier: "premium" });
    expect(await tierOf(user.actor.userId)).toBe("premium");
    expect(await ledgerOf(user)).toContainEqual({ kind: "charge", amount: 2000 });
    const yearly = await bodyOf(await change(user, { tier: "premium", billing_interval: "year" }), 200);
    expect(yearly).toMatchObject({ billing_interval: "year" });
    expect(await ledgerOf(user)).toContainEqual({ kind: "charge", amount: 29_999 });
  });

  it("charges once when it is asked for again, also at once", async () => {
    const { user } = await payer("plan_twice");
    const answers = await Promise.all([1, 2, 3].map(() => change(user, { tier: "premium" })));
    for (const { status } of answers) expect([200, 409]).toContain(status);
    await bodyOf(await change(user, { tier: "premium" }), 200);
    expect((await ledgerOf(user)).filter(({ kind }) => kind === "charge")).toHaveLength(2);
  });

  it("changes nothing when the card is declined (402)", async () => {
    const { user, customerId } = await payer("plan_declined");
    await happens(`customers/${customerId}/decline`);
    expect(await bodyOf(await change(user, { tier: "premium" }), 402)).toMatchObject({
      error: "PAYMENT_FAILED",
    });
    expect(await ownSubscriptionOf(user)).toMatchObject({ tier: "basic", status: "active" });
  });

  it("takes a cancellation back", async () => {
    const { user, externalId } = await payer("plan_resumes");
    await bodyOf(await cancel(user), 200);
    await expect.poll(() => storedSubscriptionOf(user)).toMatchObject({ untold_since: null });
    expect(await bodyOf(await change(user, { tier: "basic" }), 200)).toMatchObject({ status: "active" });
    expect(await there(externalId)).toMatchObject({ cancel_at_period_end: false });
  });

  it("is for who has paid here, and whose last payment has not failed", async () => {
    const given = await createUser("plan_given", { tier: "basic" });
    expect((await change(given, { tier: "premium" })).status).toBe(409);
    const { user, externalId } = await payer("plan_given");
    await happens(`subscriptions/${externalId}/fail`);
    await expect.poll(() => ownSubscriptionOf(user)).toMatchObject({ status: "past_due" });
    expect((await change(user, { tier: "premium" })).status).toBe(409);
  });
});
