import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { changeSubscriptionRow } from "./change-subscription-row.ts";
import { describedChange } from "./described-change.ts";
import { graceMsOf } from "./grace.ts";
import { isInForce } from "./is-in-force.ts";
import { tellProviderLater } from "./payments/tell-provider.ts";
import { subscriberParams, subscriptionSchema, updateSubscriptionSchema } from "./schemas.ts";
import { subscriberWithin } from "./subscriber-within.ts";
import type { SubscriptionRow } from "./subscription-repository.ts";
import { moved, transitions } from "./transitions.ts";
import { subscriptionView } from "./views.ts";

/** The free tier has no trial, no price and no end; with any other a trial goes on under the new tier. */
function withTier(row: SubscriptionRow, tier: SubscriptionRow["tier"]): SubscriptionRow {
  if (tier === row.tier) return row;
  if (tier !== "free") return { ...row, tier, billingInterval: row.billingInterval ?? "month" };
  const free = { trialEndsAt: null, endDate: null, cancelledAt: null, billingInterval: null };
  return { ...row, ...free, tier, status: "active" };
}

/** What is left out stays. One that has ended takes a new one. */
export const updateSubscription = operation({
  name: "updateSubscription",
  summary:
    "Change a subscription's tier, status or payment method; the user's tier follows at once when it falls, else at the next refresh",
  input: z.object({ params: subscriberParams, body: updateSubscriptionSchema }),
  output: subscriptionSchema,
  refusals: ["USER_NOT_FOUND", "SUBSCRIPTION_NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params: { user_id }, body: { tier, status, payment_method_id } }) => {
    const { db, clock, settings } = platform;
    const find = async () => {
      const subscriber = await subscriberWithin(db, actor, user_id);
      if (!subscriber) throw new AppError("USER_NOT_FOUND");
      const { user, subscription } = subscriber;
      if (!subscription) throw new AppError("SUBSCRIPTION_NOT_FOUND");
      return { user, subscription };
    };
    const by = { actorId: actor.userId, device: actor.device };
    const row = await changeSubscriptionRow(platform, by, find, (before, now) => {
      if (!isInForce(before, now)) {
        throw new AppError("CONFLICT", { message: "The subscription has ended; create a new one" });
      }
      if (before.externalId !== null && ((tier ?? before.tier) !== before.tier || status === "past_due")) {
        throw new AppError("CONFLICT", {
          message: "It is paid for, and is as the payment provider has it; end it first (`expired`)",
        });
      }
      const tiered = withTier(before, tier ?? before.tier);
      const paymentMethod = payment_method_id === undefined ? before.paymentMethod : payment_method_id;
      const paid = { ...tiered, paymentMethod, updatedAt: now };
      if (status === undefined || status === paid.status) return describedChange(before, paid);
      const after = moved(paid, status, { now, graceMs: graceMsOf(settings) });
      if (after) return describedChange(before, after);
      const allowed = paid.tier === "free" ? [] : transitions[paid.status];
      throw new AppError("CONFLICT", {
        message: `The subscription is ${paid.status}${paid.tier === "free" ? " and free" : ""}, and cannot become ${status}`,
        details: { status: paid.status, allowed },
      });
    });
    tellProviderLater(platform, row);
    return subscriptionView(row, clock.now());
  },
});
