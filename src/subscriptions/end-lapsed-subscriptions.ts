import type { Platform } from "#src/platform.ts";
import { byItself, writeChange } from "./change-subscription-row.ts";
import { lapsedSubscriptions } from "./subscription-admin-repository.ts";
import type { SubscriptionRow } from "./subscription-repository.ts";

/** The rest waits for the next run of the job. */
const maxAtOnce = 200;

/** What has ended, by how the subscription was. */
const reasons: Readonly<Record<SubscriptionRow["status"], string>> = {
  trialing: "trial_ended",
  past_due: "grace_ended",
  active: "term_ended",
  canceled: "term_ended",
  expired: "term_ended",
};

/**
 * The cron job: ends trials and subscriptions whose time is over; such a user
 * falls back to `free`, and the tenant is told. Safe to repeat and to interrupt.
 * @param now epoch milliseconds
 * @returns how many were looked at
 */
export async function endLapsedSubscriptions(
  platform: Pick<Platform, "db" | "tell">,
  now: number,
): Promise<number> {
  const lapsed = await lapsedSubscriptions(platform.db, now, maxAtOnce);
  for (const subscribed of lapsed) {
    const { subscription: before, user } = subscribed;
    const after = { ...before, status: "expired", updatedAt: now } as const;
    const about = { tier: before.tier, status: after.status, reason: reasons[before.status] };
    const data = { user_id: user.id, subscription_id: before.id, ...about };
    const event = { event: "subscription.updated", data } as const;
    await writeChange(
      platform,
      byItself,
      subscribed,
      { after, action: "subscription.expired", details: about, event },
      now,
    );
  }
  return lapsed.length;
}
