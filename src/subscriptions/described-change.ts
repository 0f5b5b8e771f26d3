import { isoTimeOrNull } from "#src/kernel/clock.ts";
import type { SubscriptionChange } from "./change-subscription-row.ts";
import type { SubscriptionRow } from "./subscription-repository.ts";

/** What of a subscription is told of when it changes, as the wire has it. */
const told = ({
  tier,
  status,
  billingInterval,
  currentPeriodEnd,
  endDate,
  paymentMethod,
}: SubscriptionRow) => ({
  tier,
  status,
  billing_interval: billingInterval,
  current_period_end: isoTimeOrNull(currentPeriodEnd),
  end_date: isoTimeOrNull(endDate),
  payment_method: paymentMethod,
});

type Differences = Record<string, { from: unknown; to: unknown }>;

function differences(before: SubscriptionRow, after: SubscriptionRow): Differences {
  const now = new Map<string, unknown>(Object.entries(told(after)));
  return Object.fromEntries(
    Object.entries(told(before)).flatMap(([field, from]) => {
      const to = now.get(field);
      return from === to ? [] : [[field, { from, to }]];
    }),
  );
}

/**
 * A change with what the audit log and watchers are told of it; undefined where nothing differs of what is told.
 * @param reason why it came about, where nobody has asked for it
 */
export function describedChange(
  before: SubscriptionRow,
  after: SubscriptionRow,
  reason?: string,
): SubscriptionChange | undefined {
  const changed = differences(before, after);
  if (Object.keys(changed).length === 0) return undefined;
  const { id: subscription_id, userId: user_id, tier, status } = after;
  const why = reason === undefined ? {} : { reason };
  const about = { user_id, subscription_id, tier, status, changed, ...why };
  const described = { after, details: { changed, ...why } };
  return status === "canceled" && (before.status !== status || before.endDate !== after.endDate)
    ? {
        ...described,
        action: "subscription.cancelled",
        event: { event: "subscription.cancelled", data: { ...about, ends_at: isoTimeOrNull(after.endDate) } },
      }
    : { ...described, action: "subscription.updated", event: { event: "subscription.updated", data: about } };
}
