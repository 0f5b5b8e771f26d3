import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { settingsSchema } from "#src/kernel/config.ts";
import { type Payments, paymentsOf } from "#src/providers/index.ts";
import { settle } from "#src/subscriptions/payments/settle.ts";
import { call } from "#tests/support/api.ts";
import { limitAndLeft, limitedGateway } from "#tests/support/limited-gateway.ts";
import {
  happens,
  ledgerOf,
  openPage,
  ownSubscriptionOf,
  pages,
  payer,
  signatureOf,
  storedSubscriptionOf,
} from "#tests/support/payments.ts";
import { bodyOf } from "#tests/support/personas.ts";
import { testPlatform } from "#tests/support/platform-in-process.ts";
import { inProduction } from "#tests/support/settings.ts";
import { createUser } from "#tests/support/users.ts";
import { devCheckout } from "#workers/gateway/routes/dev-checkout.ts";

const path = "/api/v1/payments/stripe-webhook";

const notice = (about: object, type = "customer.subscription.updated") =>
  JSON.stringify({ id: "evt_1", object: "event", type, created: 1, data: { object: about } });
const receive = (body: string, signature?: string) =>
  call(path, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      ...(signature === undefined ? {} : { "stripe-signature": signature }),
    },
  });

describe("A notice of the payment provider", () => {
  it("is taken when it is signed, as often as it comes, and believed in nothing but what it is about", async () => {
    const { user, externalId } = await payer("notice_hint");
    const lie = notice({
      object: "subscription",
      id: externalId,
      status: "canceled",
      metadata: { tier: "enterprise" },
    });
    for (let time = 0; time < 3; time++)
      expect(await bodyOf(await receive(lie, signatureOf(lie)), 200)).toEqual({ received: true });
    expect(await ownSubscriptionOf(user)).toMatchObject({ tier: "basic", status: "active" });
    expect(await ledgerOf(user)).toHaveLength(2);
  });

  it("that is not signed counts as a visitor's call, and whatever key it comes with is not kept", async () => {
    const gateway = limitedGateway();
    const post = (headers: Record<string, string>) =>
      gateway(path, {
        method: "POST",
        body: text,
        headers: { "content-type": "application/json", "cf-connecting-ip": "203.0.113.60", ...headers },
      });
    const forged = await post({ "idempotency-key": "forged" });
    expect([forged.status, ...limitAndLeft(forged)]).toEqual([401, "300", "299"]);
    const signature = { "stripe-signature": signatureOf(text), "idempotency-key": "signed" };
    for (const signed of [await post(signature), await post(signature)])
      expect([signed.status, signed.headers.get("idempotent-replayed"), ...limitAndLeft(signed)]).toEqual([
        200,
        null,
        null,
        null,
      ]);
  });

  const text = notice({ object: "subscription", id: "sub_sandbox000001" });
  it.each([
    ["is not signed", text, undefined],
    ["is signed by nothing", text, ""],
    ["is signed by somebody else", text, signatureOf(text, "whsec_other")],
    ["has been changed since", `${text} `, signatureOf(text)],
    ["is old", text, signatureOf(text, undefined, Math.floor(Date.now() / 1000) - 3600)],
    ["is signed in a form that is none", text, "t=now,v1=zz"],
    ["is signed at great length", text, `t=1,${"v1=00,".repeat(1000)}`],
    ["is no JSON", "{", signatureOf("{")],
    ["is empty", "", signatureOf("")],
  ])("is refused when it %s", async (_, body, signature) => {
    expect([400, 401]).toContain((await receive(body, signature)).status);
  });

  it.each([
    ["what there is none of", { object: "subscription", id: "sub_nothing" }],
    ["somebody who has paid for nothing", { object: "charge", id: "ch_1", customer: "cus_nobody" }],
    ["something else", { object: "payout", id: "po_1" }],
    ["nothing", {}],
  ])("changes nothing when it is about %s", async (_, about) => {
    const text = notice(about);
    expect((await receive(text, signatureOf(text))).status).toBe(200);
  });

  it("comes again when the provider cannot be asked: nothing of it is kept, and nothing lost", async () => {
    const { user, externalId } = await payer("notice_away");
    const before = await storedSubscriptionOf(user);
    await happens(`subscriptions/${externalId}/renew`);
    await expect
      .poll(async () => (await storedSubscriptionOf(user))?.current_period_end)
      .toBeGreaterThan(before?.current_period_end ?? 0);
    await happens("away/3");
    const text = notice({ object: "subscription", id: externalId });
    expect((await receive(text, signatureOf(text))).status).toBe(503);
    expect((await receive(text, signatureOf(text))).status).toBe(200);
  });
});

it("A notice that is slow takes nothing back that a later one has said", async () => {
  const { user, externalId } = await payer("notice_slow");
  await happens(`subscriptions/${externalId}/fail`);
  await expect.poll(() => ownSubscriptionOf(user)).toMatchObject({ status: "past_due" });
  const platform = testPlatform();
  const payments = platform.payments();
  // It has asked while the payment was missing; before it goes on that has come, and its own notice.
  const slow: Payments = {
    ...payments,
    movementsOf: async (customerId) => {
      await happens(`subscriptions/${externalId}/renew`);
      await expect.poll(() => ownSubscriptionOf(user)).toMatchObject({ status: "active" });
      return payments.movementsOf(customerId);
    },
  };
  expect(await settle({ ...platform, payments: () => slow }, externalId)).toMatchObject({ status: "active" });
  expect(await ownSubscriptionOf(user)).toMatchObject({ status: "active", end_date: null });
});

describe("A deployment without a payment provider", () => {
  it.each([
    ["no key", {}],
    ["a key, but no secret of its notices", { STRIPE_API_KEY: "sk_live_1" }],
  ])("says that nothing can be paid for with %s", (_, settings) => {
    const world = {
      settings: settingsSchema.parse({ ...env, ENVIRONMENT: "production", ...settings }),
      sandbox: env.SANDBOX,
      breakerOf: testPlatform().objects.breaker,
    };
    expect(() => paymentsOf(world)).toThrow(
      expect.objectContaining({
        code: "UPSTREAM_UNAVAILABLE",
        message: "No payment provider is configured",
      }),
    );
  });

  it("has no sandbox's page", async () => {
    const ask = (path: string, method: string) =>
      devCheckout.request(path, { method }, { ...env, ...inProduction });
    expect((await ask("/dev/checkout/cs_1", "GET")).ok).toBe(false);
    expect((await ask("/dev/checkout/cs_1/pay", "POST")).ok).toBe(false);
  });
});

describe("The sandbox's page", () => {
  it("shows what is to be paid, takes the payment and leads back; or leads back without", async () => {
    const user = await createUser("dev_page", { tier: "free" });
    const { url } = await bodyOf<{ url: string }>(await openPage(user), 201);
    const ask = (path: string, method = "GET") =>
      exports.default.fetch(`http://127.0.0.1${path}`, { method, redirect: "manual" });
    expect(await (await ask(url)).text()).toContain("$9.99");
    const declined = await ask(`${url}/decline`, "POST");
    expect([declined.status, declined.headers.get("location")]).toEqual([303, pages.cancel_url]);
    const paid = await ask(`${url}/pay`, "POST");
    expect([paid.status, paid.headers.get("location")]).toEqual([303, pages.success_url]);
    await expect.poll(() => ownSubscriptionOf(user)).toMatchObject({ tier: "basic" });
    expect((await ask("/dev/checkout/cs_none")).status).toBe(404);
  });
});
