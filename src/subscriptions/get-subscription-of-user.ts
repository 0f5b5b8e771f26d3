import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { subscriberParams, subscriptionSchema } from "./schemas.ts";
import { subscriberWithin } from "./subscriber-within.ts";
import { subscriptionView } from "./views.ts";

export const getSubscriptionOfUser = operation({
  name: "getSubscriptionOfUser",
  summary: "An account's subscription",
  input: z.object({ params: subscriberParams }),
  output: subscriptionSchema,
  refusals: ["SUBSCRIPTION_NOT_FOUND"],
  run: async ({ db, clock }, actor, { params }) => {
    const subscriber = await subscriberWithin(db, actor, params.user_id);
    if (!subscriber?.subscription) throw new AppError("SUBSCRIPTION_NOT_FOUND");
    return subscriptionView(subscriber.subscription, clock.now());
  },
});
