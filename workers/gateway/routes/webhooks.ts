import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  getWebhookDelivery,
  listWebhookDeliveries,
  listWebhooks,
  redeliverWebhook,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
} from "#src/webhooks/index.ts";
import { del, get, post, put, restRouter } from "../rest/table.ts";

export const webhooks = restRouter("Webhooks", [
  get("/", listWebhooks, "Webhooks"),
  post("/", createWebhook, "The webhook, with its secret", {
    status: 201,
    location: ({ id }) => `/api/v1/webhooks/${id}`,
  }),
  get("/{webhook_id}", getWebhook, "The webhook"),
  put("/{webhook_id}", updateWebhook, "The webhook"),
  del("/{webhook_id}", deleteWebhook, "Deleted", { status: 204 }),
  post("/{webhook_id}/rotate-secret", rotateWebhookSecret, "The new secret"),
  post("/{webhook_id}/test", testWebhook, "What came of it"),
  get("/{webhook_id}/deliveries", listWebhookDeliveries, "Deliveries"),
  get("/{webhook_id}/deliveries/{delivery_id}", getWebhookDelivery, "The delivery"),
  post("/{webhook_id}/deliveries/{delivery_id}/redeliver", redeliverWebhook, "It is under way", {
    status: 202,
  }),
]);
