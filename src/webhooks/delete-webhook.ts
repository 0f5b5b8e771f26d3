import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { changeWebhook } from "./change-webhook.ts";
import { webhookParams } from "./schemas.ts";

export const deleteWebhook = operation({
  name: "deleteWebhook",
  summary: "Delete a webhook, with its secrets and its log",
  description: "What waits is not posted any more.",
  input: z.object({ params: webhookParams }),
  output: z.void(),
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params }) => {
    await changeWebhook(platform, actor, params.webhook_id, { action: "webhook.deleted" }, (_, now) => ({
      deletedAt: now,
    }));
  },
});
