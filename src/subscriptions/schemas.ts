import { z } from "@hono/zod-openapi";
import { billingIntervals, subscriptionStatuses } from "#src/db/schema/subscriptions.ts";
import { cursorQuery } from "#src/http/cursor.ts";
import { nextCursorSchema } from "#src/http/page.ts";
import { paidTiers, tiers } from "#src/kernel/actor.ts";

const time = z.iso.datetime();

const callLimit = z
  .number()
  .int()
  .nullable()
  .openapi({ description: "In such a period; null where nothing limits them" });

export const tierSchema = z
  .object({
    id: z.string().openapi({ example: "tier_premium" }),
    name: z.enum(tiers),
    display_name: z.string().openapi({ example: "Premium" }),
    description: z.string(),
    features: z.array(z.string()).openapi({ description: "What it includes, in words" }),
    is_active: z.boolean(),
    price_monthly: z.number().openapi({ description: "Dollars", example: 9.99 }),
    price_yearly: z.number(),
    price_monthly_cents: z.number().int(),
    price_yearly_cents: z.number().int(),
    max_personas: z.number().int().openapi({ description: "-1 is unlimited" }),
    max_projects: z.number().int(),
    max_content: z.number().int(),
    max_content_items: z.number().int().openapi({ description: "The older name of `max_content`" }),
    rate_limits: z
      .object({ minute: callLimit, hour: callLimit, day: callLimit })
      .openapi({ description: "Calls that an account may make" }),
  })
  .openapi("Tier");

export const tierListSchema = z
  .object({ tiers: z.array(tierSchema), next_cursor: nextCursorSchema })
  .openapi("TierList");

export const subscriptionSchema = z
  .object({
    id: z.uuid(),
    user_id: z.uuid(),
    tier: z.enum(tiers),
    status: z.enum(subscriptionStatuses),
    billing_interval: z
      .enum(billingIntervals)
      .nullable()
      .openapi({ description: "What is paid for at a time; null where nothing is", example: "month" }),
    start_date: time,
    end_date: time.nullable().openapi({
      description:
        "When it ends or has ended: the end of its term where it is cancelled, of the grace where a payment has failed; null where it goes on",
    }),
    trial_ends_at: time.nullable(),
    current_period_start: time.nullable().openapi({
      description: "When the period began that it is in; null when it is over",
    }),
    current_period_end: time.nullable().openapi({
      description: "When that period ends, and the next begins unless it is cancelled; null when it is over",
    }),
    cancelled_at: time.nullable().openapi({ description: "When it was cancelled; null unless it was" }),
    cancel_at_period_end: z
      .boolean()
      .openapi({ description: "Whether it is cancelled and in force until `end_date`" }),
    payment_method: z.string().optional().openapi({
      description: "The payment provider's id of it; left out when there is none",
      example: "pm_1234567890",
    }),
    created_at: time,
    updated_at: time,
  })
  .openapi("Subscription");

export const usageSchema = z
  .object({
    user_id: z.uuid(),
    personas_count: z.number().int(),
    projects_count: z.number().int(),
    content_count: z.number().int().openapi({ description: "Executions completed in the billing period" }),
    last_updated: time,
  })
  .openapi("Usage");

export const quotaResources = ["personas", "projects", "content"] as const;

export const quotaSchema = z
  .object({
    has_quota: z.boolean(),
    resource: z.enum(quotaResources),
    current_usage: z.number().int(),
    max_allowed: z.number().int().openapi({ description: "-1 is unlimited" }),
    remaining: z.number().int().openapi({ description: "-1 is unlimited" }),
  })
  .openapi("Quota");

/** Begins with a letter, so that no card number passes. */
const paymentMethodId = z
  .string()
  .regex(/^[A-Za-z][\w-]{0,254}$/, "An id of the payment provider")
  .openapi({ example: "pm_1234567890" });

/** Whose subscription it is. */
export const subscriberParams = z.object({ user_id: z.uuid() });

export const listSubscriptionsQuery = z.strictObject({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  ...cursorQuery().shape,
  status: z.enum(subscriptionStatuses).optional(),
  tier: z.enum(tiers).optional(),
});

export const subscriptionListSchema = z
  .object({
    subscriptions: z.array(subscriptionSchema),
    total_count: z.number().int(),
    page: z.number().int(),
    limit: z.number().int(),
    total_pages: z.number().int(),
    next_cursor: nextCursorSchema,
  })
  .openapi("SubscriptionList");

export const createSubscriptionSchema = z
  .strictObject({
    user_id: z.uuid(),
    tier: z.enum(tiers),
    payment_method_id: paymentMethodId.optional(),
    billing_interval: z
      .enum(billingIntervals)
      .default("month")
      .openapi({ description: "By what its periods are counted; nothing is billed for it" }),
    trial_days: z
      .number()
      .int()
      .min(0)
      .max(365)
      .default(0)
      .openapi({ description: "The first days are a trial; without a change it ends with them" }),
  })
  .refine(({ tier, trial_days }) => tier !== "free" || trial_days === 0, {
    path: ["trial_days"],
    message: "There is nothing to try about the free tier",
  })
  .openapi("CreateSubscription", {
    example: {
      user_id: "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c",
      tier: "premium",
      payment_method_id: "pm_1234567890",
      trial_days: 14,
    },
  });

export const updateSubscriptionSchema = z
  .strictObject({
    tier: z.enum(tiers),
    status: z.enum(subscriptionStatuses).openapi({
      description:
        "`canceled` ends it with its period, `expired` at once, `past_due` after the grace; what leads where is in docs/subscriptions.md",
    }),
    payment_method_id: paymentMethodId.nullable(),
  })
  .partial()
  .refine((change) => Object.values(change).some((value) => value !== undefined), "Nothing to change")
  .openapi("UpdateSubscription", { example: { tier: "enterprise" } });

/** The body may be left out. */
export const cancelSubscriptionSchema = z
  .strictObject({
    at_period_end: z
      .boolean()
      .default(true)
      .openapi({ description: "Whether it goes on until what has been paid for is over" }),
  })
  .openapi("CancelSubscription", { example: { at_period_end: true } });

const planShape = {
  tier: z.enum(paidTiers),
  billing_interval: z
    .enum(billingIntervals)
    .default("month")
    .openapi({ description: "What is paid for at a time" }),
};

/** Where a browser goes: nothing but a page. */
const pageUrl = z.url({ protocol: /^https?$/ }).max(2000);

export const openCheckoutSchema = z
  .strictObject({
    ...planShape,
    success_url: pageUrl.openapi({ description: "Where the page leads when it has been paid" }),
    cancel_url: pageUrl.openapi({ description: "Where it leads when it has not" }),
  })
  .openapi("OpenCheckout", {
    example: {
      tier: "premium",
      billing_interval: "month",
      success_url: "https://example.com/thanks",
      cancel_url: "https://example.com/plans",
    },
  });

export const checkoutSchema = z
  .object({
    id: z.string().openapi({ description: "The payment provider's id of the page" }),
    url: z.string().openapi({ description: "The page; send the browser there" }),
    expires_at: time.openapi({ description: "Until when it can be paid there" }),
  })
  .openapi("Checkout");

export const changePlanSchema = z
  .strictObject(planShape)
  .openapi("ChangePlan", { example: { tier: "enterprise", billing_interval: "year" } });

export const paymentSchema = z
  .object({
    id: z.string().openapi({ description: "The payment provider's id of it" }),
    kind: z.enum(["charge", "refund"]),
    amount: z.number().int().openapi({ description: "In the smallest unit of the currency", example: 2999 }),
    currency: z.string().openapi({ description: "ISO 4217, in small letters", example: "usd" }),
    at: time.openapi({ description: "When it was paid or given back" }),
  })
  .openapi("Payment");

export const listPaymentsQuery = z.strictObject(cursorQuery().shape);

export const paymentListSchema = z
  .object({
    payments: z.array(paymentSchema).openapi({ description: "What has been paid and given back" }),
    count: z.number().int(),
    next_cursor: nextCursorSchema,
  })
  .openapi("PaymentList");

export type ListSubscriptions = z.infer<typeof listSubscriptionsQuery>;
