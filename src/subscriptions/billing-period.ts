import type { billingIntervals } from "#src/db/schema/subscriptions.ts";

export type BillingInterval = (typeof billingIntervals)[number];

/** The same time of day so many months later, in UTC; on the month's last day where the month is too short. */
function monthsAfter(time: number, months: number): number {
  const date = new Date(time);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const lastDay = new Date(Date.UTC(year, month + months + 1, 0)).getUTCDate();
  return Date.UTC(year, month + months, Math.min(day, lastDay)) + (time - Date.UTC(year, month, day));
}

const monthOf = (time: number): number => new Date(time).getUTCFullYear() * 12 + new Date(time).getUTCMonth();

/**
 * The billing period that `now` lies in: from the last anniversary of the subscription's start, by months or by
 * years, to the next one. Times in epoch milliseconds.
 */
export function billingPeriod(
  subscribedAt: number,
  now: number,
  interval: BillingInterval = "month",
): { start: number; end: number } {
  const step = interval === "year" ? 12 : 1;
  const elapsed = Math.floor((monthOf(now) - monthOf(subscribedAt)) / step);
  const begins = (count: number): number => monthsAfter(subscribedAt, count * step);
  const count = Math.max(0, begins(elapsed) <= now ? elapsed : elapsed - 1);
  return { start: begins(count), end: begins(count + 1) };
}

/** When the month began that quotas are counted in: it is a month whatever the subscription is paid by. */
export const billingPeriodStart = (subscribedAt: number, now: number): number =>
  billingPeriod(subscribedAt, now).start;
