import { createHash } from "node:crypto";
import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { isInForce } from "../is-in-force.ts";
import { ownSubscription } from "../own-subscription.ts";
import { checkoutSchema, openCheckoutSchema } from "../schemas.ts";
import { planOf } from "./plan-of.ts";

export const openCheckout = sessionOperation({
  name: "openCheckout",
  summary: "Open a page on which a tier is paid for",
  description:
    "The subscription begins when the payment provider says that it has been paid. Opened again for the same plan, it is " +
    "the same page. Who has a tier already changes their plan instead (409).",
  input: z.object({ body: openCheckoutSchema }),
  output: checkoutSchema,
  refusals: ["SUBSCRIPTION_NOT_FOUND", "CONFLICT", "UPSTREAM_UNAVAILABLE", "EXTERNAL_SERVICE_ERROR"],
  run: async (platform, actor, { body }) => {
    const { subscription } = await ownSubscription(platform.db, actor);
    const now = platform.clock.now();
    if (subscription.tier !== "free" && isInForce(subscription, now))
      throw new AppError("CONFLICT", { message: "There is a subscription; change its plan instead" });
    const plan = await planOf(platform, body);
    const order = {
      plan,
      userId: actor.userId,
      email: actor.email,
      customerId: subscription.customerId,
      successUrl: body.success_url,
      cancelUrl: body.cancel_url,
    };
    // Whoever asks twice has one page: the provider knows the call by this for a day.
    const key = ["checkout", subscription.id, subscription.revision, digestOf(order)].join(":");
    const { id, url, expiresAt } = await platform.payments().openCheckout(order, key);
    return { id, url, expires_at: isoTime(expiresAt) };
  },
});

/** Tells one order from another: a key is for one and the same call. */
function digestOf(order: object): string {
  return createHash("sha256").update(JSON.stringify(order)).digest("hex");
}
