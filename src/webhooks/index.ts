/** The door of `webhooks`: what other rooms may import of it. */
export { consumeWebhookNotices, isAboutWebhook } from "./consume-webhook-notices.ts";
export { createWebhook } from "./create-webhook.ts";
export { deleteWebhook } from "./delete-webhook.ts";
export { getWebhook } from "./get-webhook.ts";
export { getWebhookDelivery } from "./get-webhook-delivery.ts";
export { listWebhookDeliveries } from "./list-webhook-deliveries.ts";
export { listWebhooks } from "./list-webhooks.ts";
export { redeliverWebhook } from "./redeliver-webhook.ts";
export { rotateWebhookSecret } from "./rotate-webhook-secret.ts";
export { sweepWebhooks } from "./tell-objects.ts";
export { testWebhook } from "./test-webhook.ts";
export { updateWebhook } from "./update-webhook.ts";
