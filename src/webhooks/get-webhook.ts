import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { webhookParams, webhookSchema } from "./schemas.ts";
import { webhookView } from "./views.ts";
import { webhookWithin } from "./webhook-within.ts";

export const getWebhook = operation({
  name: "getWebhook",
  summary: "One webhook",
  input: z.object({ params: webhookParams }),
  output: webhookSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params }) => webhookView(await webhookWithin(db, actor, params.webhook_id)),
});
