import { z } from "zod";
import type { PlatformEvent } from "#src/events/index.ts";
import type { Outcome } from "#src/kernel/outcome.ts";
import type { DeliveryStatus } from "#src/kernel/webhook-words.ts";

/** How an endpoint is delivered to; of two the one with the higher version counts. */
export const webhookSettingsSchema = z.object({
  version: z.number().int().positive(),
  url: z.string(),
  isActive: z.boolean(),
  /** Whether what is about one thing arrives in the order in which it happened. */
  ordered: z.boolean(),
  /** Deliveries that may begin in a second; null for any number. */
  rateLimit: z.number().int().positive().nullable(),
  /** Whether messages of conversations come with what they say. */
  includeContent: z.boolean().default(false),
});
export type WebhookSettings = z.infer<typeof webhookSettingsSchema>;
/** As they are given: a release before knew nothing of content. */
export type GivenWebhookSettings = z.input<typeof webhookSettingsSchema>;

/** An attempt, as the log has it; times in epoch milliseconds. */
export interface DeliveryAttempt {
  /** Counts from 1. */
  number: number;
  at: number;
  durationMs: number;
  url: string;
  status: number | null;
  /** The beginning of what was answered. */
  answer: string | null;
  failure: string | null;
}

/** A message to an endpoint. Its id is that of the message, `webhook-id`. */
export interface WebhookDelivery {
  id: string;
  event: string;
  entityId: string;
  status: DeliveryStatus;
  isTest: boolean;
  /** Why it failed without an attempt, where that is so. */
  reason: string | null;
  attemptCount: number;
  nextAttemptAt: number | null;
  createdAt: number;
  endedAt: number | null;
  lastAttempt: DeliveryAttempt | null;
}

export interface WebhookDeliveryDetail extends WebhookDelivery {
  body: string;
  attempts: DeliveryAttempt[];
}

export interface DeliveryQuery {
  /** Older than the delivery of this number; the newest when left out. */
  before?: number;
  status?: DeliveryStatus;
  limit: number;
}

export interface DeliveryPage {
  deliveries: WebhookDelivery[];
  /** Where the next page begins; null on the last. */
  next: number | null;
}

/** One endpoint of a tenant's webhooks: what waits for it, what came of it, and its secrets (docs/webhooks.md). */
export interface WebhookEndpointApi {
  /** Gives the endpoint its first secret. Refuses where nothing can be sealed. */
  begin(): Promise<Outcome<{ secret: string }>>;
  /** An older version than is known changes nothing. */
  configure(settings: GivenWebhookSettings): Promise<void>;
  /**
   * Takes events of the tenant's log to deliver, each once.
   * @param epoch tells the log from one that has begun anew, whose numbers are others
   * @returns whether the endpoint wants any
   */
  take(epoch: string, events: readonly PlatformEvent[]): Promise<{ isWanted: boolean }>;
  /** Gives it another secret; the one before is in force for another day. */
  rotateSecret(): Promise<Outcome<{ secret: string; previousUntil: number }>>;
  /** Delivers a message at once, in one attempt, whether the endpoint is switched on or not. */
  deliverTest(event: string, data: Record<string, unknown>): Promise<Outcome<WebhookDeliveryDetail>>;
  listDeliveries(query: DeliveryQuery): Promise<DeliveryPage>;
  getDelivery(id: string): Promise<Outcome<WebhookDeliveryDetail>>;
  /** Delivers again what is over, under the same id, with all its attempts before it. */
  redeliver(id: string): Promise<Outcome<WebhookDelivery>>;
  /** The platform knows that the endpoint has switched itself off. */
  confirmDisabled(version: number): Promise<void>;
  /** Forgets everything, for good. */
  remove(): Promise<void>;
}
