import type { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import type {
  DeliveryAttempt,
  WebhookDelivery,
  WebhookDeliveryDetail,
} from "#src/objects/webhook-endpoint-api.ts";
import { type deliveryDetailSchema, type deliverySchema, webhookSchema } from "./schemas.ts";
import type { WebhookRow } from "./webhook-repository.ts";

/** A webhook on the wire. */
export const webhookView = (row: WebhookRow): z.output<typeof webhookSchema> => wireRow(webhookSchema, row);

const attemptView = ({ number, at, durationMs, url, status, answer, failure }: DeliveryAttempt) => ({
  number,
  at: isoTime(at),
  duration_ms: durationMs,
  url,
  status,
  answer,
  failure,
});

/** A delivery on the wire. */
export const deliveryView = (delivery: WebhookDelivery): z.output<typeof deliverySchema> => ({
  id: delivery.id,
  event: delivery.event,
  entity_id: delivery.entityId,
  status: delivery.status,
  is_test: delivery.isTest,
  reason: delivery.reason,
  attempt_count: delivery.attemptCount,
  next_attempt_at: isoTimeOrNull(delivery.nextAttemptAt),
  created_at: isoTime(delivery.createdAt),
  ended_at: isoTimeOrNull(delivery.endedAt),
  last_attempt: delivery.lastAttempt && attemptView(delivery.lastAttempt),
});

/** A delivery with all that was sent and answered, on the wire. */
export const deliveryDetailView = (
  delivery: WebhookDeliveryDetail,
): z.output<typeof deliveryDetailSchema> => ({
  ...deliveryView(delivery),
  request: {
    headers: { "content-type": "application/json", "webhook-id": delivery.id },
    body: delivery.body,
  },
  attempts: delivery.attempts.map(attemptView),
});
