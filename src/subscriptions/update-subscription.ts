import { auditStatement } from "#src/audit/audit-repository.ts";
import { outboxStatement } from "#src/events/event-outbox.ts";
import { findUser } from "#src/identity/accounts/user-repository.ts";
import { userEvent } from "#src/identity/accounts/user-traces.ts";
import { type Account, assertPermission, reaches } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { ChangedSubscription } from "./create-subscription.ts";
import { isInForce } from "./is-in-force.ts";
import type { UpdateSubscription } from "./schemas.ts";
import { giveTier, isStillAs, updateSubscriptionRow } from "./subscription-admin-repository.ts";
import {
  type SubscriptionAdministration,
  subscriptionAction,
  subscriptionPermission,
} from "./subscription-administration.ts";
import { findSubscription, type SubscriptionRow } from "./subscription-repository.ts";

const maxAttempts = 5;

/** The free tier has no trial and no end; with any other a trial goes on under the new tier. */
const withTier = (row: SubscriptionRow, tier: SubscriptionRow["tier"]): SubscriptionRow =>
  tier === "free" && row.tier !== "free"
    ? { ...row, tier, status: "active", trialEndsAt: null, endDate: null }
    : { ...row, tier };

const wireNames = { tier: "tier", status: "status", paymentMethod: "payment_method" } as const;

const differences = (before: SubscriptionRow, after: SubscriptionRow) =>
  Object.fromEntries(
    (["tier", "status", "paymentMethod"] as const)
      .filter((field) => before[field] !== after[field])
      .map((field) => [wireNames[field], { from: before[field], to: after[field] }]),
  );

/**
 * Changes a subscription's tier or payment method; what is left out stays. The user's tier follows.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`; `USER_NOT_FOUND`, `SUBSCRIPTION_NOT_FOUND`;
 *   `CONFLICT` when it has ended: that takes a new one
 */
export async function updateSubscription(
  { db, clock, device }: SubscriptionAdministration,
  actor: Account,
  userId: string,
  { tier, payment_method_id }: UpdateSubscription,
): Promise<ChangedSubscription> {
  assertPermission(actor, subscriptionPermission);
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const [user, before] = await Promise.all([findUser(db, userId), findSubscription(db, userId)]);
    if (!user || !reaches(actor, user.clientId)) throw new AppError("USER_NOT_FOUND");
    if (!before) throw new AppError("SUBSCRIPTION_NOT_FOUND");
    const now = clock.now();
    if (!isInForce(before, now)) {
      throw new AppError("CONFLICT", { message: "The subscription has ended; create a new one" });
    }
    const after: SubscriptionRow = {
      ...withTier(before, tier ?? before.tier),
      paymentMethod: payment_method_id === undefined ? before.paymentMethod : payment_method_id,
      updatedAt: now,
    };
    const changed = differences(before, after);
    if (Object.keys(changed).length === 0) return { user, subscription: before };
    const about = { subscription_id: before.id, changed };
    const entry = subscriptionAction("subscription.updated", actor.userId, device, user, about);
    const event = userEvent(user, {
      event: "subscription.updated",
      data: { user_id: user.id, ...about, tier: after.tier, status: after.status },
    });
    const asRead = isStillAs(before);
    const [, , , { meta }] = await db.batch([
      auditStatement(db, entry, now, asRead),
      outboxStatement(db, event, now, asRead),
      giveTier(db, userId, after.tier, now, asRead),
      updateSubscriptionRow(db, before, after),
    ]);
    if (meta.changes > 0) return { user, subscription: after };
  }
  throw new AppError("CONFLICT", { message: "The subscription is being changed by others; try again" });
}
