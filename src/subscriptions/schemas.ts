import { z } from "@hono/zod-openapi";
import { subscriptionStatuses } from "#src/db/schema/subscriptions.ts";
import { cursorQuery } from "#src/http/cursor.ts";
import { nextCursorSchema } from "#src/http/page.ts";
import { tiers } from "#src/kernel/actor.ts";

const time = z.iso.datetime();

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
    start_date: time,
    end_date: time.nullable(),
    trial_ends_at: time.nullable(),
    cancelled_at: time.nullable().openapi({ description: "When it was cancelled; null unless it was" }),
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
  .strictObject({ tier: z.enum(tiers), payment_method_id: paymentMethodId.nullable() })
  .partial()
  .refine((change) => Object.values(change).some((value) => value !== undefined), "Nothing to change")
  .openapi("UpdateSubscription", { example: { tier: "enterprise" } });

export type ListSubscriptions = z.infer<typeof listSubscriptionsQuery>;
