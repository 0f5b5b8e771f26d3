import { z } from "@hono/zod-openapi";
import { subscriptionStatuses } from "../db/schema/subscriptions.ts";
import { tiers } from "../identity/principal.ts";

const time = z.iso.datetime();

export const tierSchema = z
  .object({
    name: z.enum(tiers),
    price_monthly: z.number().openapi({ description: "Dollars", example: 9.99 }),
    price_yearly: z.number(),
    price_monthly_cents: z.number().int(),
    price_yearly_cents: z.number().int(),
    max_personas: z.number().int().openapi({ description: "-1 is unlimited" }),
    max_projects: z.number().int(),
    max_content: z.number().int(),
  })
  .openapi("Tier");

export const subscriptionSchema = z
  .object({
    id: z.uuid(),
    user_id: z.uuid(),
    tier: z.enum(tiers),
    status: z.enum(subscriptionStatuses),
    start_date: time,
    end_date: time.nullable(),
    trial_ends_at: time.nullable(),
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
export type QuotaResource = (typeof quotaResources)[number];

export const quotaSchema = z
  .object({
    has_quota: z.boolean(),
    resource: z.enum(quotaResources),
    current_usage: z.number().int(),
    max_allowed: z.number().int().openapi({ description: "-1 is unlimited" }),
    remaining: z.number().int().openapi({ description: "-1 is unlimited" }),
  })
  .openapi("Quota");
