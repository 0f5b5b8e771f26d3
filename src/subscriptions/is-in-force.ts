import type { SubscriptionRow } from "./subscription-repository.ts";

/**
 * Whether a subscription gives its user anything at a time (epoch milliseconds):
 * one that is canceled does until its term is over; one whose trial or term is
 * over does not, even if the job has not come by to say so.
 */
export function isInForce(
  { status, trialEndsAt, endDate }: Pick<SubscriptionRow, "status" | "trialEndsAt" | "endDate">,
  now: number,
): boolean {
  if (status === "expired") return false;
  if (status === "trialing") return trialEndsAt === null || trialEndsAt > now;
  if (status === "canceled") return endDate !== null && endDate > now;
  return endDate === null || endDate > now;
}
