import { z } from "@hono/zod-openapi";
import { columnsOf } from "#src/http/columns-of.ts";
import { operation } from "#src/operation/operation.ts";
import { changeWebhook } from "./change-webhook.ts";
import { requirePublicUrl } from "./require-public-url.ts";
import { updateWebhookSchema, webhookParams, webhookSchema } from "./schemas.ts";
import { webhookView } from "./views.ts";
import { webhookWithin } from "./webhook-within.ts";

export const updateWebhook = operation({
  name: "updateWebhook",
  summary: "Change a webhook; fields left out stay",
  description:
    "`is_active: true` switches one on again that was switched off. What waits is given up when it is switched off, and what happens meanwhile is not posted later.",
  input: z.object({ params: webhookParams, body: updateWebhookSchema }),
  output: webhookSchema,
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params: { webhook_id: id }, body }) => {
    if (body.url !== undefined) {
      // Nobody has names looked up by a webhook that is not theirs.
      await webhookWithin(platform.db, actor, id);
      await requirePublicUrl(platform, body.url);
    }
    const action = { action: "webhook.updated", details: { changed: Object.keys(body) } } as const;
    const row = await changeWebhook(platform, actor, id, action, () => ({
      ...columnsOf(body),
      ...(body.is_active === true && { disabledReason: null, disabledAt: null }),
    }));
    return webhookView(row);
  },
});
