import { z } from "@hono/zod-openapi";
import { type Action, auditAction } from "#src/audit/index.ts";
import { countTiers, userEvent } from "#src/identity/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { isInForce } from "./is-in-force.ts";
import { subscriberParams, subscriptionSchema, updateSubscriptionSchema } from "./schemas.ts";
import { subscriberWithin } from "./subscriber-within.ts";
import { giveTier, isStillAs, updateSubscriptionRow } from "./subscription-admin-repository.ts";
import type { SubscriptionRow } from "./subscription-repository.ts";
import { subscriptionView } from "./views.ts";

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

/** What is left out stays. One that has ended takes a new one. */
export const updateSubscription = operation({
  name: "updateSubscription",
  summary:
    "Change a subscription's tier or payment method; the user's tier follows at once when it falls, else at the next refresh",
  input: z.object({ params: subscriberParams, body: updateSubscriptionSchema }),
  output: subscriptionSchema,
  refusals: ["USER_NOT_FOUND", "SUBSCRIPTION_NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params: { user_id }, body: { tier, payment_method_id } }) => {
    const { db, clock, tell } = platform;
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const subscriber = await subscriberWithin(db, actor, user_id);
      if (!subscriber) throw new AppError("USER_NOT_FOUND");
      const { user, subscription: before } = subscriber;
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
      if (Object.keys(changed).length === 0) return subscriptionView(before);
      const about = { subscription_id: before.id, changed };
      const action: Action = {
        action: "subscription.updated",
        target: { type: "user", id: user_id },
        clientId: user.clientId,
        details: about,
      };
      const event = userEvent(user, {
        event: "subscription.updated",
        data: { user_id, ...about, tier: after.tier, status: after.status },
      });
      const asRead = isStillAs(before);
      const [, , , { meta }] = await db.batch([
        auditAction(platform, actor, action, asRead),
        tell(event, now, asRead),
        giveTier(db, user_id, after.tier, now, asRead),
        updateSubscriptionRow(db, before, after),
      ]);
      if (meta.changes === 0) continue;
      await countTiers(platform, user_id);
      return subscriptionView(after);
    }
    throw new AppError("CONFLICT", { message: "The subscription is being changed by others; try again" });
  },
});
