import { currentPeriod } from "./current-period.ts";
import { isInForce } from "./is-in-force.ts";
import type { SubscriptionRow } from "./subscription-repository.ts";

export type SubscriptionStatus = SubscriptionRow["status"];

/**
 * What each status can become (docs/subscriptions.md#statuses). What has expired stays so: it takes a new
 * subscription. A trial is begun with its subscription, or gone on with when its cancellation is taken back.
 */
export const transitions: Readonly<Record<SubscriptionStatus, readonly SubscriptionStatus[]>> = {
  trialing: ["active", "past_due", "canceled", "expired"],
  active: ["past_due", "canceled", "expired"],
  past_due: ["active", "canceled", "expired"],
  canceled: ["active", "trialing", "expired"],
  expired: [],
};

interface Moving {
  now: number;
  /** How long a subscription lasts whose payment has failed. */
  graceMs: number;
  /** Whether a cancellation ends it at once; else with the period. */
  atOnce?: boolean;
}

/**
 * A subscription as it is in another status; undefined where its own does not lead there, it is over, or there is
 * nothing to move about it, as about the free tier.
 */
export function moved(
  row: SubscriptionRow,
  status: SubscriptionStatus,
  { now, graceMs, atOnce = false }: Moving,
): SubscriptionRow | undefined {
  if (row.tier === "free" || !isInForce(row, now) || !transitions[row.status].includes(status))
    return undefined;
  const next = { ...row, status, updatedAt: now };
  switch (status) {
    case "active":
      return { ...next, trialEndsAt: null, endDate: null, cancelledAt: null };
    case "trialing":
      return hasTrialLeft(row, now) ? { ...next, endDate: null, cancelledAt: null } : undefined;
    case "past_due":
      return { ...next, trialEndsAt: null, endDate: now + graceMs, cancelledAt: null };
    case "canceled":
      return { ...next, endDate: atOnce ? now : endOfPaid(row, now), cancelledAt: now };
    case "expired":
      return { ...next, endDate: Math.min(row.endDate ?? now, now) };
  }
}

/** What a subscription is when its cancellation is taken back. */
export const resumedStatus = (row: SubscriptionRow, now: number): SubscriptionStatus =>
  hasTrialLeft(row, now) ? "trialing" : "active";

const hasTrialLeft = ({ trialEndsAt }: SubscriptionRow, now: number): boolean =>
  trialEndsAt !== null && trialEndsAt > now;

/** Until when a subscription has been paid for, or is tried; of one whose payment has failed nothing is left. */
const endOfPaid = (row: SubscriptionRow, now: number): number =>
  row.status === "past_due"
    ? now
    : Math.min(currentPeriod(row, now).end, row.endDate ?? Number.POSITIVE_INFINITY);
