import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { type Action, auditAction } from "#src/audit/index.ts";
import { countTiers, userEvent } from "#src/identity/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { dayMs } from "#src/kernel/clock.ts";
import { operation } from "#src/operation/operation.ts";
import { isInForce } from "./is-in-force.ts";
import { createSubscriptionSchema, subscriptionSchema } from "./schemas.ts";
import { subscriberWithin } from "./subscriber-within.ts";
import { canBePut, giveTier, putSubscription } from "./subscription-admin-repository.ts";
import type { SubscriptionRow } from "./subscription-repository.ts";
import { subscriptionView } from "./views.ts";

/** The user's tier is the new subscription's, which is a trial for its first days if there are any. */
export const createSubscription = operation({
  name: "createSubscription",
  summary:
    "Begin a subscription, in place of one that has ended or of the free one that accounts begin with; refused while another is in force",
  input: z.object({ body: createSubscriptionSchema }),
  output: subscriptionSchema,
  refusals: ["USER_NOT_FOUND", "CONFLICT"],
  run: async (
    platform,
    actor,
    { body: { user_id, tier, payment_method_id, billing_interval, trial_days } },
  ) => {
    const { db, clock, tell } = platform;
    const subscriber = await subscriberWithin(db, actor, user_id);
    if (!subscriber) throw new AppError("USER_NOT_FOUND");
    const { user, subscription: before } = subscriber;
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
      billingInterval: tier === "free" ? null : billing_interval,
      currentPeriodStart: null,
      currentPeriodEnd: null,
      cancelledAt: null,
      paymentMethod: payment_method_id ?? null,
      customerId: before?.customerId ?? null,
      externalId: null,
      untoldSince: null,
      revision: 0,
      createdAt: now,
      updatedAt: now,
    };
    const { id, status } = subscription;
    const about = { subscription_id: id, tier, status };
    const replaced = before && { subscription_id: before.id, tier: before.tier, status: before.status };
    const action: Action = {
      action: "subscription.created",
      target: { type: "user", id: user_id },
      clientId: user.clientId,
      details: { ...about, trial_days, replaced },
    };
    const event = userEvent(user, { event: "subscription.created", data: { user_id, ...about } });
    const isFree = canBePut(user_id, before);
    const [, , , { meta }] = await db.batch([
      auditAction(platform, actor, action, isFree),
      tell(event, now, isFree),
      giveTier(db, user_id, tier, now, isFree),
      putSubscription(db, subscription, before),
    ]);
    if (meta.changes === 0) throw exists;
    await countTiers(platform, user_id);
    return subscriptionView(subscription, now);
  },
});
