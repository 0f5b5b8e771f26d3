import { z } from "@hono/zod-openapi";
import { decodeCursor, encodeCursor } from "#src/http/cursor.ts";
import { operation } from "#src/operation/operation.ts";
import { deliveryListSchema, listDeliveriesQuery, webhookParams } from "./schemas.ts";
import { deliveryView } from "./views.ts";
import { webhookWithin } from "./webhook-within.ts";

export const listWebhookDeliveries = operation({
  name: "listWebhookDeliveries",
  summary: "What was posted to a webhook, newest first, with what was answered last",
  description: "What is over is kept for seven days, and the last 1000 of it.",
  input: z.object({ params: webhookParams, query: listDeliveriesQuery }),
  output: deliveryListSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db, objects }, actor, { params, query: { cursor, limit, status } }) => {
    const { id, clientId } = await webhookWithin(db, actor, params.webhook_id);
    const before = cursor === undefined ? undefined : decodeCursor(cursor, z.number().int());
    const endpoint = await objects.webhook(clientId, id);
    const { deliveries, next } = await endpoint.listDeliveries({ before, status, limit });
    return {
      deliveries: deliveries.map(deliveryView),
      count: deliveries.length,
      next_cursor: next === null ? null : encodeCursor(next),
    };
  },
});
