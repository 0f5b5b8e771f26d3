import { z } from "@hono/zod-openapi";
import { listed, pageRequest } from "#src/http/page.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { listWebhooksQuery, webhookListSchema } from "./schemas.ts";
import { webhookView } from "./views.ts";
import { pageWebhooks } from "./webhook-repository.ts";

export const listWebhooks = operation({
  name: "listWebhooks",
  summary: "A tenant's webhooks, newest first",
  description: "The caller's own tenant's unless `client_id` names another one.",
  input: z.object({ query: listWebhooksQuery }),
  output: webhookListSchema,
  run: async ({ db }, actor, { query }) => {
    const clientId = tenantWithin(actor, query.client_id) ?? actor.clientId;
    const { rows, page } = listed(await pageWebhooks(db, clientId, pageRequest(query)), query.limit);
    return { webhooks: rows.map(webhookView), ...page };
  },
});
