import { z } from "zod";
import { disabledReasons } from "#src/kernel/webhook-words.ts";

/** What travels on `platform-events` besides: an endpoint of a tenant's webhooks has switched itself off. */
export const webhookMessageSchema = z.object({
  type: z.literal("webhook.disabled"),
  client_id: z.string(),
  webhook_id: z.string(),
  /** Of the settings under which it did: those that came later have switched it on again, or off themselves. */
  version: z.number().int().nonnegative(),
  reason: z.enum(disabledReasons),
  /** When; epoch milliseconds. */
  at: z.number().int(),
});
export type WebhookMessage = z.infer<typeof webhookMessageSchema>;
