import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { openOperation } from "#src/operation/operation.ts";
import { billedIdOfCustomer } from "./payment-repository.ts";
import { settle } from "./settle.ts";

export const receivePaymentNotice = openOperation({
  name: "receivePaymentNotice",
  summary: "Take a notice of the payment provider",
  description:
    "For Stripe: signed with `STRIPE_WEBHOOK_SECRET`. A notice says that something has changed; what, is asked of Stripe, so " +
    "that notices may come twice, late and in any order.",
  input: z.object({
    headers: z.object({
      "stripe-signature": z.string().max(2000).default("").openapi({ description: "Stripe's signature" }),
    }),
    body: z.string(),
  }),
  output: z
    .object({ received: z.literal(true).openapi({ description: "Always" }) })
    .openapi("PaymentNoticeReceived"),
  refusals: ["UNAUTHORIZED", "UPSTREAM_UNAVAILABLE", "EXTERNAL_SERVICE_ERROR", "CONFLICT"],
  ignoresKeys: true,
  run: async (platform, actor, { headers, body }) => {
    const notice = await platform.payments().readNotice(body, headers["stripe-signature"]);
    if (!notice) {
      // The provider calls as often as it has something to say; whoever else does is a visitor.
      await platform.limits?.take(actor, "write");
      throw new AppError("UNAUTHORIZED", { message: "Not signed by the payment provider" });
    }
    const { customerId } = notice;
    const billedId = notice.billedId ?? (customerId && (await billedIdOfCustomer(platform.db, customerId)));
    if (billedId) await settle(platform, billedId);
    return { received: true as const };
  },
});
