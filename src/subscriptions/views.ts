import type { z } from "@hono/zod-openapi";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import type { subscriptionSchema, tierSchema } from "./schemas.ts";
import type { SubscriptionRow, TierRow } from "./subscription-repository.ts";

/** A subscription on the wire. */
export const subscriptionView = (row: SubscriptionRow): z.infer<typeof subscriptionSchema> => ({
  id: row.id,
  user_id: row.userId,
  tier: row.tier,
  status: row.status,
  start_date: isoTime(row.startDate),
  end_date: isoTimeOrNull(row.endDate),
  // A cancellation ends it at once, so that its end is when it was cancelled.
  cancelled_at: row.status === "canceled" ? isoTimeOrNull(row.endDate) : null,
  trial_ends_at: isoTimeOrNull(row.trialEndsAt),
  payment_method: row.paymentMethod ?? undefined,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
});

const amount = (most: number, what: string): string =>
  most < 0 ? `Any number of ${what}` : `${most} ${what}`;

/** A tier on the wire, its prices in dollars and in cents. */
export const tierView = (row: TierRow): z.infer<typeof tierSchema> => ({
  id: `tier_${row.name}`,
  name: row.name,
  display_name: row.name.replace(/^./, (letter) => letter.toUpperCase()),
  description: row.monthlyCents === 0 ? "Costs nothing" : "Paid by the month or by the year",
  features: [
    amount(row.maxPersonas, "personas"),
    amount(row.maxProjects, "projects"),
    amount(row.maxContent, "executions in a billing period"),
  ],
  is_active: true,
  price_monthly: row.monthlyCents / 100,
  price_yearly: row.yearlyCents / 100,
  price_monthly_cents: row.monthlyCents,
  price_yearly_cents: row.yearlyCents,
  max_personas: row.maxPersonas,
  max_projects: row.maxProjects,
  max_content: row.maxContent,
  max_content_items: row.maxContent,
});
