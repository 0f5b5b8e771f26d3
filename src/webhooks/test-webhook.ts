import { z } from "@hono/zod-openapi";
import { sampleOf } from "#src/kernel/event-catalogue.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { deliveryDetailSchema, testWebhookSchema, webhookParams } from "./schemas.ts";
import { deliveryDetailView } from "./views.ts";
import { webhookWithin } from "./webhook-within.ts";

export const testWebhook = operation({
  name: "testWebhook",
  summary: "Post a sample to a webhook, and say what was answered",
  description: "In one attempt, whether the webhook is switched on or not; its `entity_id` is `test`.",
  input: z.object({ params: webhookParams, body: testWebhookSchema }),
  output: deliveryDetailSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db, objects }, actor, { params, body }) => {
    const { id, clientId, events } = await webhookWithin(db, actor, params.webhook_id);
    const event = body.event ?? events[0] ?? "";
    const endpoint = await objects.webhook(clientId, id);
    return deliveryDetailView(valueOrThrow(await endpoint.deliverTest(event, sampleOf(event))));
  },
});
