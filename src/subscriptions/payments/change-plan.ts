import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { isInForce } from "../is-in-force.ts";
import { ownSubscription } from "../own-subscription.ts";
import { changePlanSchema, subscriptionSchema } from "../schemas.ts";
import { subscriptionView } from "../views.ts";
import { planOf } from "./plan-of.ts";
import { settle } from "./settle.ts";

export const changePlan = sessionOperation({
  name: "changePlan",
  summary: "Go on with another tier, or pay by the month or by the year",
  description:
    "The difference is paid or credited at once, from the payment method that there is; declined, nothing changes (402). A " +
    "cancellation is taken back by it. Only of a subscription that has been paid for here.",
  input: z.object({ body: changePlanSchema }),
  output: subscriptionSchema,
  refusals: [
    "SUBSCRIPTION_NOT_FOUND",
    "CONFLICT",
    "PAYMENT_FAILED",
    "UPSTREAM_UNAVAILABLE",
    "EXTERNAL_SERVICE_ERROR",
  ],
  run: async (platform, actor, { body }) => {
    const { db, clock } = platform;
    const { subscription: before } = await ownSubscription(db, actor);
    const { externalId, revision, status, untoldSince } = before;
    if (externalId === null || !isInForce(before, clock.now()))
      throw new AppError("CONFLICT", { message: "Nothing is paid for; open a checkout" });
    if (status === "past_due")
      throw new AppError("CONFLICT", { message: "A payment has failed; it is to be paid first" });
    if (untoldSince !== null)
      throw new AppError("CONFLICT", {
        message: "Its last change is being told to the payment provider; try again",
      });
    const plan = await planOf(platform, body);
    if (plan.tier !== before.tier || plan.interval !== before.billingInterval || status === "canceled")
      await platform
        .payments()
        .changePlan(externalId, plan, ["plan", externalId, revision, plan.tier, plan.interval].join(":"));
    const by = { actorId: actor.userId, device: actor.device };
    return subscriptionView((await settle(platform, externalId, by)) ?? before, clock.now());
  },
});
