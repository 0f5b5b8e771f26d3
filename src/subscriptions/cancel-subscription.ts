import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { changeSubscriptionRow } from "./change-subscription-row.ts";
import { describedChange } from "./described-change.ts";
import { graceMsOf } from "./grace.ts";
import { isInForce } from "./is-in-force.ts";
import { ownSubscription } from "./own-subscription.ts";
import { tellProviderLater } from "./payments/tell-provider.ts";
import { cancelSubscriptionSchema, subscriptionSchema } from "./schemas.ts";
import { moved } from "./transitions.ts";
import { subscriptionView } from "./views.ts";

export const cancelSubscription = sessionOperation({
  name: "cancelSubscription",
  summary: "Cancel one's subscription, for the end of its period or at once",
  description:
    "With `at_period_end`, which is the default, it stays in force until `end_date` and can be resumed until then; " +
    "else it ends now. What has been paid is not given back. Asked for again, it changes nothing.",
  input: z.object({ body: cancelSubscriptionSchema }),
  output: subscriptionSchema,
  refusals: ["SUBSCRIPTION_NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { body: { at_period_end } }) => {
    const { db, clock, settings } = platform;
    const by = { actorId: actor.userId, device: actor.device };
    const row = await changeSubscriptionRow(
      platform,
      by,
      () => ownSubscription(db, actor),
      (before, now) => {
        if (before.tier === "free") {
          throw new AppError("CONFLICT", { message: "There is nothing to cancel about the free tier" });
        }
        const isCancelled = before.status === "canceled";
        if (isCancelled && (at_period_end || !isInForce(before, now))) return undefined;
        const after = isCancelled
          ? { ...before, endDate: now, updatedAt: now }
          : moved(before, "canceled", { now, graceMs: graceMsOf(settings), atOnce: !at_period_end });
        if (!after) throw new AppError("CONFLICT", { message: "The subscription has ended" });
        return describedChange(before, after);
      },
    );
    tellProviderLater(platform, row);
    return subscriptionView(row, clock.now());
  },
});
