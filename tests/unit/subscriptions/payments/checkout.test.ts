import { describe, expect, it } from "vitest";
import { api } from "#tests/support/api.ts";
import { eventsOf } from "#tests/support/events.ts";
import {
  happens,
  ledgerOf,
  openPage,
  ownSubscriptionOf,
  payer,
  storedSubscriptionOf,
} from "#tests/support/payments.ts";
import { bodyOf } from "#tests/support/personas.ts";
import { createUser } from "#tests/support/users.ts";
import { tierOf } from "../admin-subscriptions.ts";

describe("POST /subscription/checkout", () => {
  it("opens a page; when it has been paid, the tier is there, the payment in the ledger, and it is told", async () => {
    const user = await createUser("checkout", { tier: "free" });
    const page = await bodyOf<{ id: string; url: string; expires_at: string }>(
      await openPage(user, { tier: "premium", billing_interval: "year" }),
      201,
    );
    expect(page.url).toContain(page.id);
    expect(Date.parse(page.expires_at)).toBeGreaterThan(Date.now());
    expect(await ownSubscriptionOf(user)).toMatchObject({ tier: "free" });
    await happens(`checkout_sessions/${page.id}/pay`);
    await expect
      .poll(() => ownSubscriptionOf(user))
      .toMatchObject({
        tier: "premium",
        status: "active",
        billing_interval: "year",
        payment_method: expect.stringMatching(/^pm_/),
      });
    const { current_period_start = "", current_period_end = "" } = (await ownSubscriptionOf(user)) ?? {};
    expect(new Date(current_period_end ?? "").getUTCFullYear()).toBe(
      new Date(current_period_start ?? "").getUTCFullYear() + 1,
    );
    expect(await tierOf(user.actor.userId)).toBe("premium");
    expect(await ledgerOf(user)).toEqual(
      expect.arrayContaining([
        { kind: "charge", amount: 29_999 },
        { kind: "began", amount: 0 },
      ]),
    );
    await expect.poll(() => eventsOf("checkout", "subscription.updated")).toHaveLength(1);
  });

  it("gives who asks twice, also at once, the same page; and another for another plan", async () => {
    const user = await createUser("checkout_twice", { tier: "free" });
    const asked = await Promise.all([openPage(user), openPage(user), openPage(user, { tier: "premium" })]);
    const [first, second, other] = await Promise.all(
      asked.map((answer) => bodyOf<{ id: string }>(answer, 201)),
    );
    expect(second?.id).toBe(first?.id);
    expect(other?.id).not.toBe(first?.id);
  });

  it("leads back when the card is declined, and nothing has changed", async () => {
    const user = await createUser("checkout_declined", { tier: "free" });
    const { id } = await bodyOf<{ id: string }>(await openPage(user), 201);
    await happens(`checkout_sessions/${id}/decline`);
    expect(await ownSubscriptionOf(user)).toMatchObject({ tier: "free", status: "active" });
    expect(await ledgerOf(user)).toEqual([]);
  });

  it("is refused to who has a tier already, however they came by it", async () => {
    const { user } = await payer("checkout_again");
    expect(await bodyOf(await openPage(user, { tier: "premium" }), 409)).toMatchObject({ error: "CONFLICT" });
    const given = await createUser("checkout_again", { tier: "basic" });
    expect((await openPage(given, { tier: "premium" })).status).toBe(409);
  });

  it.each([
    ["the free tier", { tier: "free" }],
    ["an unknown tier", { tier: "golden" }],
    ["an interval that there is none of", { billing_interval: "week" }],
    ["a price of one's own", { cents: 1 }],
    ["somebody else's account", { user_id: "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c" }],
    ["a page that is none", { success_url: "javascript:alert(1)" }],
    ["no page", { cancel_url: undefined }],
  ])("refuses %s", async (_, over) => {
    const user = await createUser("checkout_bad", { tier: "free" });
    expect(await bodyOf(await openPage(user, over), 400)).toMatchObject({ error: "VALIDATION_ERROR" });
  });

  it("gives back what was paid on a second page, and keeps the first", async () => {
    const user = await createUser("checkout_both", { tier: "free" });
    const [basic, premium] = await Promise.all(
      ["basic", "premium"].map(async (tier) => bodyOf<{ id: string }>(await openPage(user, { tier }), 201)),
    );
    await happens(`checkout_sessions/${basic?.id}/pay`);
    await expect.poll(() => ownSubscriptionOf(user)).toMatchObject({ tier: "basic" });
    await happens(`checkout_sessions/${premium?.id}/pay`);
    await expect.poll(() => ledgerOf(user)).toContainEqual({ kind: "refund", amount: 2999 });
    expect(await ownSubscriptionOf(user)).toMatchObject({ tier: "basic", status: "active" });
    expect(await storedSubscriptionOf(user)).toMatchObject({ untold_since: null });
  });
});

describe("GET /subscription/payments", () => {
  it("lists what one has paid, newest first, by pages; and nothing of anybody else's", async () => {
    const { user, externalId } = await payer("payments_list");
    await happens(`subscriptions/${externalId}/renew`);
    await expect.poll(() => ledgerOf(user)).toHaveLength(3);
    const page = async (query: { limit?: number; cursor?: string }) =>
      (await api(user.token).GET("/api/v1/subscription/payments", { params: { query } })).data;
    const first = await page({ limit: 1 });
    const second = await page({ limit: 1, cursor: first?.next_cursor ?? "" });
    expect(second?.next_cursor).toBeNull();
    const both = [...(first?.payments ?? []), ...(second?.payments ?? [])];
    expect(both.map(({ kind, amount, currency }) => ({ kind, amount, currency }))).toEqual([
      { kind: "charge", amount: 999, currency: "usd" },
      { kind: "charge", amount: 999, currency: "usd" },
    ]);
    expect(new Set(both.map(({ id }) => id)).size).toBe(2);
    const other = await createUser("payments_list", { tier: "free" });
    expect((await api(other.token).GET("/api/v1/subscription/payments")).data?.payments).toEqual([]);
  });
});
