import { z } from "@hono/zod-openapi";
import { receivePaymentNotice } from "#src/subscriptions/index.ts";
import { post, restRouter } from "../rest/table.ts";

/** What a payment provider says; its signature is over the bytes, so that they are read as they come. */
const documented = {
  required: true,
  content: { "application/json": { schema: z.looseObject({}).openapi("StripeEvent") } },
};

export const payments = restRouter("Subscription", [
  post("/stripe-webhook", receivePaymentNotice, "Taken", {
    body: { documented, read: (c) => c.req.text() },
  }),
]);
