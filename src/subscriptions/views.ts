import type { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import { subscriptionSchema, tierSchema } from "./schemas.ts";
import type { SubscriptionRow, TierRow } from "./subscription-repository.ts";

/** A subscription on the wire. */
export const subscriptionView = (row: SubscriptionRow): z.infer<typeof subscriptionSchema> =>
  wireRow(subscriptionSchema, row, {
    start_date: isoTime(row.startDate),
    end_date: isoTimeOrNull(row.endDate),
    // A cancellation ends it at once, so that its end is when it was cancelled.
    cancelled_at: row.status === "canceled" ? isoTimeOrNull(row.endDate) : null,
  });

const amount = (most: number, what: string): string =>
  most < 0 ? `Any number of ${what}` : `${most} ${what}`;

/** A tier on the wire, its prices in dollars and in cents. */
export const tierView = (row: TierRow): z.infer<typeof tierSchema> =>
  wireRow(tierSchema, row, {
    id: `tier_${row.name}`,
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
    max_content_items: row.maxContent,
  });
