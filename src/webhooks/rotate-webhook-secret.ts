import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { rotatedSecretSchema, webhookParams } from "./schemas.ts";
import { webhookWithin } from "./webhook-within.ts";

export const rotateWebhookSecret = operation({
  name: "rotateWebhookSecret",
  summary: "Give a webhook another secret",
  description:
    "For 24 hours messages are signed with the secret before as well, so that receivers can change theirs.",
  input: z.object({ params: webhookParams }),
  output: rotatedSecretSchema,
  refusals: ["NOT_FOUND", "UPSTREAM_UNAVAILABLE"],
  run: async (platform, actor, { params }) => {
    const { id, clientId } = await webhookWithin(platform.db, actor, params.webhook_id);
    const endpoint = await platform.objects.webhook(clientId, id);
    const { secret, previousUntil } = valueOrThrow(await endpoint.rotateSecret());
    const target = { type: "webhook", id };
    await auditAction(platform, actor, { action: "webhook.secret_rotated", target, clientId });
    return { secret, previous_valid_until: isoTime(previousUntil) };
  },
});
