import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageFields } from "#src/http/page.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { webhookEvents } from "#src/kernel/event-catalogue.ts";
import { deliveryStatuses, disabledReasons } from "#src/kernel/webhook-words.ts";

const time = z.iso.datetime();
const eventName = z.enum(webhookEvents);

const url = z.string().max(2048).openapi({
  description: "Where events are posted to: https, and public",
  example: "https://example.com/hooks",
});
const events = z
  .array(eventName)
  .min(1)
  .max(webhookEvents.length)
  .refine((names) => new Set(names).size === names.length, "Each event once")
  .openapi({ description: "Events that are posted", example: ["execution.completed", "execution.failed"] });
const description = z
  .string()
  .trim()
  .max(500)
  .openapi({ description: "What it is for, for those who read it" });
const ordered = z.boolean().openapi({
  description:
    "Whether what is about one run or account arrives in order: one message waits for the one before it",
});
const rateLimit = z
  .number()
  .int()
  .min(1)
  .max(100)
  .nullable()
  .openapi({ description: "Messages that may be sent in a second; null for any number", example: 20 });
const includeContent = z
  .boolean()
  .openapi({ description: "Whether `conversation.message` comes with what the message says" });
const isActive = z.boolean().openapi({ description: "Whether events are posted" });

export const webhookParams = z.object({ webhook_id: z.uuid() });
export const deliveryParams = z.object({ webhook_id: z.uuid(), delivery_id: z.string().max(100) });

export const webhookSchema = z
  .object({
    id: z.uuid(),
    client_id: clientIdSchema,
    url: z.string().openapi({ description: "Where events are posted to" }),
    events: z.array(z.string()).openapi({ description: "Events that are posted" }),
    description: z.string().openapi({ description: "What it is for" }),
    ordered,
    rate_limit: rateLimit,
    include_content: includeContent,
    is_active: isActive,
    disabled_reason: z.enum(disabledReasons).nullable().openapi({
      description: "Why the platform has switched it off: it answered 410, or a delivery failed for good",
    }),
    disabled_at: time.nullable().openapi({ description: "When the platform has switched it off" }),
    created_by: z.string().openapi({ description: "Account that has made it" }),
    created_at: time,
    updated_at: time,
  })
  .openapi("Webhook");

const secret = z.string().openapi({
  description: "Key of the signatures, by Standard Webhooks; shown this once",
  example: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
});

export const webhookWithSecretSchema = webhookSchema.extend({ secret }).openapi("WebhookWithSecret");

export const webhookListSchema = z
  .object({ webhooks: z.array(webhookSchema), ...pageFields })
  .openapi("WebhookList");

export const createWebhookSchema = z
  .strictObject({
    url,
    events,
    description: description.default(""),
    ordered: ordered.default(false),
    rate_limit: rateLimit.default(null),
    include_content: includeContent.default(false),
    client_id: clientIdSchema.optional().openapi({
      description: "Tenant whose events are posted; the caller's own when left out",
      example: undefined,
    }),
  })
  .openapi("CreateWebhook", {
    example: { url: "https://example.com/hooks", events: ["execution.completed", "execution.failed"] },
  });

export const updateWebhookSchema = z
  .strictObject({
    url,
    events,
    description,
    ordered,
    rate_limit: rateLimit,
    include_content: includeContent,
    is_active: isActive,
  })
  .partial()
  .openapi("UpdateWebhook", { example: { events: ["execution.completed"], is_active: true } });
export type UpdateWebhook = z.output<typeof updateWebhookSchema>;

export const rotatedSecretSchema = z
  .object({
    secret,
    previous_valid_until: time.openapi({ description: "Until then the secret before signs as well" }),
  })
  .openapi("RotatedWebhookSecret");

export const testWebhookSchema = z
  .strictObject({
    event: eventName
      .optional()
      .openapi({ description: "Event whose sample is posted; the first that it wants when left out" }),
  })
  .openapi("TestWebhook", { example: { event: "execution.completed" } });

const attemptSchema = z
  .object({
    number: z.number().int().openapi({ description: "Counts from 1" }),
    at: time.openapi({ description: "When it began" }),
    duration_ms: z.number().int(),
    url: z.string().openapi({ description: "Where it went" }),
    status: z
      .number()
      .int()
      .nullable()
      .openapi({ description: "Status that was answered; null: no answer came" }),
    answer: z.string().nullable().openapi({ description: "The beginning of the answer's body" }),
    failure: z.string().nullable().openapi({
      description: "Why no answer came that counts: `TIMEOUT`, `UNREACHABLE`, `TARGET_REFUSED` and so on",
    }),
  })
  .openapi("WebhookDeliveryAttempt");

const delivery = {
  id: z.string().openapi({
    description: "The message's `webhook-id`, the same at each attempt",
    example: "msg_demo_client_k2f9_42",
  }),
  event: z.string().openapi({ description: "Name of the event" }),
  entity_id: z.string().openapi({ description: "What the event is about: a run, an account" }),
  status: z.enum(deliveryStatuses),
  is_test: z.boolean().openapi({ description: "Whether somebody asked for it to try the webhook" }),
  reason: z.string().nullable().openapi({
    description:
      "Why it was given up without another attempt: `gone`, `failing`, `switched_off`, `backlog_full`",
  }),
  attempt_count: z.number().int(),
  next_attempt_at: time.nullable(),
  created_at: time,
  ended_at: time.nullable(),
};

export const deliverySchema = z
  .object({ ...delivery, last_attempt: attemptSchema.nullable() })
  .openapi("WebhookDelivery");

export const deliveryDetailSchema = z
  .object({
    ...delivery,
    last_attempt: attemptSchema.nullable(),
    request: z.object({
      headers: z
        .record(z.string(), z.string())
        .openapi({ description: "Without what changes with each attempt" }),
      body: z.string().openapi({ description: "As it is sent" }),
    }),
    attempts: z.array(attemptSchema).openapi({ description: "Oldest first" }),
  })
  .openapi("WebhookDeliveryDetail");

export const deliveryListSchema = z
  .object({ deliveries: z.array(deliverySchema), ...pageFields })
  .openapi("WebhookDeliveryList");

export const listWebhooksQuery = cursorQuery().extend({
  client_id: clientIdSchema.optional().openapi({ description: "Tenant whose webhooks are listed" }),
});

export const listDeliveriesQuery = cursorQuery().extend({ status: z.enum(deliveryStatuses).optional() });
