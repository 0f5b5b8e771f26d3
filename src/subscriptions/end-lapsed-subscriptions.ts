import { type AuditEntry, auditStatement } from "#src/audit/index.ts";
import { userEvent } from "#src/identity/index.ts";
import type { Platform } from "#src/platform.ts";
import {
  giveTier,
  isStillAs,
  lapsedSubscriptions,
  updateSubscriptionRow,
} from "./subscription-admin-repository.ts";

/** The rest waits for the next run of the job. */
const maxAtOnce = 200;

/**
 * The cron job: ends trials and subscriptions whose time is over; such a user
 * falls back to `free`, and the tenant is told. Safe to repeat and to interrupt.
 * @param now epoch milliseconds
 */
export async function endLapsedSubscriptions(
  { db, tell }: Pick<Platform, "db" | "tell">,
  now: number,
): Promise<void> {
  for (const { subscription, user } of await lapsedSubscriptions(db, now, maxAtOnce)) {
    const about = {
      subscription_id: subscription.id,
      tier: subscription.tier,
      status: "expired",
      reason: subscription.status === "trialing" ? "trial_ended" : "term_ended",
    };
    const entry: AuditEntry = {
      actorId: null,
      action: "subscription.expired",
      target: { type: "user", id: user.id },
      clientId: user.clientId,
      details: about,
      device: { ip: "", userAgent: "" },
    };
    const event = userEvent(user, {
      event: "subscription.updated",
      data: { user_id: user.id, ...about },
    });
    const asRead = isStillAs(subscription);
    await db.batch([
      auditStatement(db, entry, now, asRead),
      tell(event, now, asRead),
      giveTier(db, user.id, "free", now, asRead),
      updateSubscriptionRow(db, subscription, { ...subscription, status: "expired", updatedAt: now }),
    ]);
  }
}
