import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { deliveryDetailSchema, deliveryParams } from "./schemas.ts";
import { deliveryDetailView } from "./views.ts";
import { webhookWithin } from "./webhook-within.ts";

export const getWebhookDelivery = operation({
  name: "getWebhookDelivery",
  summary: "One delivery, with what was sent and what was answered at each attempt",
  input: z.object({ params: deliveryParams }),
  output: deliveryDetailSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db, objects }, actor, { params }) => {
    const { id, clientId } = await webhookWithin(db, actor, params.webhook_id);
    const endpoint = await objects.webhook(clientId, id);
    return deliveryDetailView(valueOrThrow(await endpoint.getDelivery(params.delivery_id)));
  },
});
