import type { z } from "@hono/zod-openapi";
import type { Configuration } from "#src/configuration/index.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import { callsOfTier } from "#src/rate-limits/index.ts";
import { currentPeriod } from "./current-period.ts";
import { isInForce } from "./is-in-force.ts";
import { subscriptionSchema, tierSchema } from "./schemas.ts";
import type { SubscriptionRow, TierRow } from "./subscription-repository.ts";

/**
 * A subscription on the wire.
 * @param now epoch milliseconds; what its period is depends on it
 */
export function subscriptionView(row: SubscriptionRow, now: number): z.infer<typeof subscriptionSchema> {
  const { status, startDate, endDate, cancelledAt } = row;
  const period = isInForce(row, now) ? currentPeriod(row, now) : { start: null, end: null };
  return wireRow(subscriptionSchema, row, {
    start_date: isoTime(startDate),
    end_date: isoTimeOrNull(endDate),
    current_period_start: isoTimeOrNull(period.start),
    current_period_end: isoTimeOrNull(period.end),
    cancel_at_period_end:
      status === "canceled" && endDate !== null && cancelledAt !== null && endDate > cancelledAt,
  });
}

const amount = (most: number, what: string): string =>
  most < 0 ? `Any number of ${what}` : `${most} ${what}`;

/** A tier on the wire, its prices in dollars and in cents, and the calls that it has at present. */
export const tierView = (
  row: TierRow,
  configured: Configuration["rate_limits"],
): z.infer<typeof tierSchema> =>
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
    rate_limits: callsOfTier(row.name, configured),
  });
