import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { subscriptionSchema } from "./schemas.ts";
import { findSubscription } from "./subscription-repository.ts";
import { subscriptionView } from "./views.ts";

export const getSubscription = operation({
  name: "getSubscription",
  summary: "One's own subscription",
  input: z.object({}),
  output: subscriptionSchema,
  refusals: ["SUBSCRIPTION_NOT_FOUND"],
  run: async ({ db, clock }, { userId }) => {
    const row = await findSubscription(db, userId);
    if (!row) throw new AppError("SUBSCRIPTION_NOT_FOUND");
    return subscriptionView(row, clock.now());
  },
});
