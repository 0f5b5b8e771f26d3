import type { Billed } from "#src/providers/index.ts";
import type { SubscriptionRow } from "../subscription-repository.ts";

/**
 * A subscription as the payment provider has it: tier, period and how it goes on are the provider's to say, the grace of
 * a payment that has failed is ours and begins once.
 * @param graceMs how long one lasts whose payment has failed
 */
export function billedRow(
  before: SubscriptionRow,
  billed: Billed,
  { now, graceMs }: { now: number; graceMs: number },
): SubscriptionRow {
  const { id, customerId, tier, interval, status, periodStart, periodEnd, cancelledAt, endsAt } = billed;
  const isFirst = before.externalId !== id;
  const row: SubscriptionRow = {
    ...before,
    tier,
    status: "active",
    customerId,
    externalId: id,
    billingInterval: interval,
    startDate: isFirst ? periodStart : before.startDate,
    currentPeriodStart: periodStart,
    currentPeriodEnd: periodEnd,
    paymentMethod: billed.paymentMethod ?? before.paymentMethod,
    trialEndsAt: status === "trialing" ? periodEnd : null,
    endDate: null,
    cancelledAt: null,
    untoldSince: isFirst ? null : before.untoldSince,
    updatedAt: now,
  };
  if (status === "ended") return { ...row, status: "expired", endDate: Math.min(endsAt ?? now, now) };
  if (endsAt !== null)
    return { ...row, status: "canceled", endDate: endsAt, cancelledAt: cancelledAt ?? now };
  if (status === "trialing") return { ...row, status };
  if (status !== "past_due") return row;
  const isGrace = !isFirst && before.status === "past_due" && before.endDate !== null;
  return { ...row, status, endDate: isGrace ? before.endDate : now + graceMs };
}
