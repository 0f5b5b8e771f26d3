import { billingPeriod } from "./billing-period.ts";
import type { SubscriptionRow } from "./subscription-repository.ts";

/**
 * The period that a subscription is in, in epoch milliseconds: the one that the payment provider bills; its trial;
 * else from one anniversary of its start to the next, by the month or by the year.
 */
export function currentPeriod(
  {
    status,
    startDate,
    trialEndsAt,
    billingInterval,
    currentPeriodStart,
    currentPeriodEnd,
  }: Pick<
    SubscriptionRow,
    "status" | "startDate" | "trialEndsAt" | "billingInterval" | "currentPeriodStart" | "currentPeriodEnd"
  >,
  now: number,
): { start: number; end: number } {
  if (currentPeriodStart !== null && currentPeriodEnd !== null)
    return { start: currentPeriodStart, end: currentPeriodEnd };
  if (status === "trialing" && trialEndsAt !== null) return { start: startDate, end: trialEndsAt };
  return billingPeriod(startDate, now, billingInterval ?? "month");
}
