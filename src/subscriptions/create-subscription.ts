import { v7 as uuidv7 } from "uuid";
import { auditStatement } from "#src/audit/audit-repository.ts";
import { outboxStatement } from "#src/events/event-outbox.ts";
import { findUser, type UserRow } from "#src/identity/accounts/user-repository.ts";
import { userEvent } from "#src/identity/accounts/user-traces.ts";
import { type Account, assertPermission, reaches } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { isInForce } from "./is-in-force.ts";
import type { CreateSubscription } from "./schemas.ts";
import { canBePut, giveTier, putSubscription } from "./subscription-admin-repository.ts";
import {
  type SubscriptionAdministration,
  subscriptionAction,
  subscriptionPermission,
} from "./subscription-administration.ts";
import { findSubscription, type SubscriptionRow } from "./subscription-repository.ts";

const dayMs = 86_400_000;

/** A subscription as it is stored now, and whose it is. */
export interface ChangedSubscription {
  user: UserRow;
  subscription: SubscriptionRow;
}

/**
 * Begins a subscription, as a trial for its first days if there are any. It takes the place of one
 * that has ended and of the free one that every account begins with; the user's tier is its tier.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`; `USER_NOT_FOUND`; `CONFLICT` when another is in force
 */
export async function createSubscription(
  { db, clock, device }: SubscriptionAdministration,
  actor: Account,
  { user_id, tier, payment_method_id, trial_days }: CreateSubscription,
): Promise<ChangedSubscription> {
  assertPermission(actor, subscriptionPermission);
  const [user, before] = await Promise.all([findUser(db, user_id), findSubscription(db, user_id)]);
  if (!user || !reaches(actor, user.clientId)) throw new AppError("USER_NOT_FOUND");
  const now = clock.now();
  const exists = new AppError("CONFLICT", {
    message: "The user has a subscription; change that one",
    details: { user_id },
  });
  if (before && isInForce(before, now) && (before.tier !== "free" || tier === "free")) throw exists;
  const subscription: SubscriptionRow = {
    id: uuidv7({ msecs: now }),
    userId: user_id,
    tier,
    status: trial_days > 0 ? "trialing" : "active",
    startDate: now,
    endDate: null,
    trialEndsAt: trial_days > 0 ? now + trial_days * dayMs : null,
    paymentMethod: payment_method_id ?? null,
    createdAt: now,
    updatedAt: now,
  };
  const { id, status } = subscription;
  const entry = subscriptionAction("subscription.created", actor.userId, device, user, {
    subscription_id: id,
    tier,
    status,
    trial_days,
    replaced: before && { subscription_id: before.id, tier: before.tier, status: before.status },
  });
  const event = userEvent(user, {
    event: "subscription.created",
    data: { user_id, subscription_id: id, tier, status },
  });
  const isFree = canBePut(user_id, before);
  const [, , , { meta }] = await db.batch([
    auditStatement(db, entry, now, isFree),
    outboxStatement(db, event, now, isFree),
    giveTier(db, user_id, tier, now, isFree),
    putSubscription(db, subscription, before),
  ]);
  if (meta.changes === 0) throw exists;
  return { user, subscription };
}
