import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { deliveryParams, deliverySchema } from "./schemas.ts";
import { deliveryView } from "./views.ts";
import { webhookWithin } from "./webhook-within.ts";

export const redeliverWebhook = operation({
  name: "redeliverWebhook",
  summary: "Post again what was posted, or given up",
  description: "Under the same `webhook-id`, with ten attempts from the first.",
  input: z.object({ params: deliveryParams }),
  output: deliverySchema,
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async ({ db, objects }, actor, { params }) => {
    const { id, clientId } = await webhookWithin(db, actor, params.webhook_id);
    const endpoint = await objects.webhook(clientId, id);
    return deliveryView(valueOrThrow(await endpoint.redeliver(params.delivery_id)));
  },
});
