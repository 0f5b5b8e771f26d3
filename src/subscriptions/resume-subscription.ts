import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { changeSubscriptionRow } from "./change-subscription-row.ts";
import { describedChange } from "./described-change.ts";
import { graceMsOf } from "./grace.ts";
import { isInForce } from "./is-in-force.ts";
import { ownSubscription } from "./own-subscription.ts";
import { tellProviderLater } from "./payments/tell-provider.ts";
import { subscriptionSchema } from "./schemas.ts";
import { moved, resumedStatus } from "./transitions.ts";
import { subscriptionView } from "./views.ts";

export const resumeSubscription = sessionOperation({
  name: "resumeSubscription",
  summary: "Take a cancellation back, as long as the subscription is in force",
  description: "One that is not cancelled stays as it is. One that has ended takes a new subscription (409).",
  input: z.object({}),
  output: subscriptionSchema,
  refusals: ["SUBSCRIPTION_NOT_FOUND", "CONFLICT"],
  run: async (platform, actor) => {
    const { db, clock, settings } = platform;
    const by = { actorId: actor.userId, device: actor.device };
    const row = await changeSubscriptionRow(
      platform,
      by,
      () => ownSubscription(db, actor),
      (before, now) => {
        if (!isInForce(before, now)) {
          throw new AppError("CONFLICT", { message: "The subscription has ended; begin a new one" });
        }
        if (before.status !== "canceled") return undefined;
        const after = moved(before, resumedStatus(before, now), { now, graceMs: graceMsOf(settings) });
        return after && describedChange(before, after);
      },
    );
    tellProviderLater(platform, row);
    return subscriptionView(row, clock.now());
  },
});
