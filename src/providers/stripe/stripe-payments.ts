import Stripe from "stripe";
import { z } from "zod";
import { isPaidTier } from "#src/kernel/actor.ts";
import type { Billed, Movement, Notice, Order, Payments, Plan } from "../payments.ts";
import type { Upstream } from "../upstream.ts";
import { asProviderError } from "./stripe-errors.ts";

/** Time that one call has; whoever calls tries again. */
const timeoutMs = 10_000;

/** How old a notice may be, in seconds. */
const maxAgeSeconds = 300;

const milliseconds = (seconds: number): number => seconds * 1000;
const idOf = (thing: string | { id: string } | null): string | null =>
  thing === null || typeof thing === "string" ? thing : thing.id;

/** Payments by Stripe's API, over whatever reaches it. */
export function stripePayments({ url, key, fetch }: Upstream, webhookSecret: string): Payments {
  const { hostname, protocol, port } = new URL(url);
  const stripe = new Stripe(key, {
    httpClient: Stripe.createFetchHttpClient(fetch),
    host: hostname,
    protocol: protocol === "http:" ? "http" : "https",
    ...(port === "" ? {} : { port }),
    timeout: timeoutMs,
    // Its tries are counted with everybody's, around this.
    maxNetworkRetries: 0,
    telemetry: false,
  });
  const asked = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw asProviderError(error, key);
    }
  };
  const found = async <T>(call: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await asked(call);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  return {
    openCheckout: (order, idempotencyKey) =>
      asked(async () => {
        const {
          id,
          url: page,
          expires_at,
        } = await stripe.checkout.sessions.create(sessionOf(order), {
          idempotencyKey,
        });
        return { id, url: page ?? order.cancelUrl, expiresAt: milliseconds(expires_at) };
      }),
    findBilled: async (id) => {
      const billed = await found(() => stripe.subscriptions.retrieve(id));
      return billed && billedOf(billed);
    },
    movementsOf: (customer) =>
      asked(async () => {
        const { data } = await stripe.charges.list({ customer, limit: 100, expand: ["data.refunds"] });
        return data.toReversed().flatMap(movementsIn);
      }),
    changePlan: (id, plan, idempotencyKey) =>
      asked(async () => {
        const { items } = await stripe.subscriptions.retrieve(id);
        const [item] = items.data;
        if (!item) return;
        const { product } = item.price;
        const price_data = { ...priceOf(plan), product: idOf(product) ?? "" };
        await stripe.subscriptions.update(
          id,
          {
            items: [{ id: item.id, price_data }],
            metadata: { tier: plan.tier },
            cancel_at_period_end: false,
            proration_behavior: "always_invoice",
            payment_behavior: "error_if_incomplete",
          },
          { idempotencyKey },
        );
      }),
    setEnding: (id, cancel_at_period_end) =>
      asked(async () => void (await stripe.subscriptions.update(id, { cancel_at_period_end }))),
    end: async (id) => {
      const billed = await found(() => stripe.subscriptions.retrieve(id));
      if (!billed || hasEnded(billed)) return;
      await found(() => stripe.subscriptions.cancel(id));
    },
    refundLatest: (id) =>
      asked(async () => {
        const { data } = await stripe.invoices.list({
          subscription: id,
          status: "paid",
          limit: 1,
          expand: ["data.payments"],
        });
        const [invoice] = data;
        const intent = idOf(invoice?.payments?.data[0]?.payment.payment_intent ?? null);
        if (!invoice || !intent) return;
        await stripe.refunds.create({ payment_intent: intent }, { idempotencyKey: `refund:${invoice.id}` });
      }),
    readNotice: (text, signature) => readNotice(stripe, text, signature, webhookSecret),
  };
}

async function readNotice(
  stripe: Stripe,
  text: string,
  signature: string,
  secret: string,
): Promise<Notice | undefined> {
  try {
    const { id, data } = await stripe.webhooks.constructEventAsync(text, signature, secret, maxAgeSeconds);
    return { id, ...idsIn(data.object) };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return undefined;
    // What is signed and no JSON is nothing that we know.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const aboutSchema = z.object({
  object: z.string(),
  id: z.string(),
  customer: z.string().nullish(),
  subscription: z.string().nullish(),
  parent: z.object({ subscription_details: z.object({ subscription: z.string() }).nullish() }).nullish(),
});

/** What a notice is about, in the forms that its object has. */
function idsIn(about: unknown): Pick<Notice, "billedId" | "customerId"> {
  const { success, data } = aboutSchema.safeParse(about);
  if (!success) return {};
  const { object, id, customer, subscription, parent } = data;
  const billedId =
    (object === "subscription" ? id : subscription) ?? parent?.subscription_details?.subscription;
  return {
    ...(billedId ? { billedId } : {}),
    ...(customer ? { customerId: customer } : {}),
  };
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  error.cause instanceof Stripe.errors.StripeError &&
  error.cause.statusCode === 404;

const priceOf = ({ cents, interval }: Plan) => ({
  currency: "usd",
  unit_amount: cents,
  recurring: { interval },
});

function sessionOf({ plan, userId, email, customerId, successUrl, cancelUrl }: Order) {
  const { tier } = plan;
  const metadata = { user_id: userId, tier };
  const name = `${tier}, by the ${plan.interval}`;
  return {
    mode: "subscription" as const,
    client_reference_id: userId,
    ...(customerId === null ? { customer_email: email } : { customer: customerId }),
    success_url: successUrl,
    cancel_url: cancelUrl,
    line_items: [{ quantity: 1, price_data: { ...priceOf(plan), product_data: { name } } }],
    metadata,
    subscription_data: { metadata },
  };
}

const statuses: Readonly<Record<string, Billed["status"]>> = {
  trialing: "trialing",
  active: "active",
  past_due: "past_due",
  unpaid: "past_due",
  incomplete: "unpaid",
};

const hasEnded = ({ status }: Stripe.Subscription): boolean => !(status in statuses);

/** Undefined for what is none of ours. */
function billedOf(billed: Stripe.Subscription): Billed | undefined {
  const { id, customer, metadata, items, status, canceled_at, cancel_at, ended_at } = billed;
  const { user_id: userId, tier } = metadata;
  const [item] = items.data;
  if (!userId || !isPaidTier(tier) || !item) return undefined;
  const cancelled = canceled_at === null ? null : milliseconds(canceled_at);
  const end = ended_at ?? cancel_at ?? (billed.cancel_at_period_end ? item.current_period_end : null);
  return {
    id,
    customerId: idOf(customer) ?? "",
    userId,
    tier,
    interval: item.price.recurring?.interval === "year" ? "year" : "month",
    status: statuses[status] ?? "ended",
    periodStart: milliseconds(item.current_period_start),
    periodEnd: milliseconds(item.current_period_end),
    cancelledAt: end === null ? null : cancelled,
    endsAt: end === null ? null : milliseconds(end),
    paymentMethod: idOf(billed.default_payment_method),
  };
}

/** What a charge has moved: only one that was paid; its refunds come newest first. */
function movementsIn({ id, amount, currency, created, paid, refunds }: Stripe.Charge): Movement[] {
  if (!paid) return [];
  const given = (refunds?.data ?? []).filter(({ status }) => status === "succeeded").toReversed();
  return [
    { id, kind: "charge", amount, currency, at: milliseconds(created) },
    ...given.map((refund) => ({
      id: refund.id,
      kind: "refund" as const,
      amount: refund.amount,
      currency: refund.currency,
      at: milliseconds(refund.created),
    })),
  ];
}
