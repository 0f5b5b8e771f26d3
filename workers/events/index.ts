import { consumeImports } from "#src/administration/index.ts";
import { consumeCountedEvents, isAboutCounting } from "#src/analytics/index.ts";
import {
  consumeConversationCopies,
  consumeExports,
  consumeStaffArrivals,
  isAboutConversation,
  isAboutStaff,
} from "#src/chat/index.ts";
import { eventsPlatformOf } from "#src/events-platform.ts";
import type { ObjectBindings } from "#src/objects/objects.ts";
import { buryMessages, projectMessages } from "#src/read-models/index.ts";
import { consumeMaintenance, isAboutMaintenance } from "#src/system/index.ts";
import { type DeadLetterBindings, type QueueBindings, queueOfDeadLetters } from "#src/tasks/index.ts";
import { takeBatch } from "#src/telemetry-platform.ts";
import { consumeWebhookNotices, isAboutWebhook } from "#src/webhooks/index.ts";

/** Bindings of the events Worker (its wrangler.toml). */
export interface EventsEnv
  extends Pick<
      ObjectBindings,
      | "TENANT_WORKFLOWS"
      | "TENANT_HUB"
      | "CONVERSATIONS"
      | "TENANT_PERSONALISATION"
      | "PLATFORM_METRICS"
      | "LOG_RING"
    >,
    DeadLetterBindings<"events">,
    QueueBindings<"user-imports" | "exports"> {
  DB: D1Database;
  BLOBS: R2Bucket;
  CACHE: KVNamespace;
}

async function consume(batch: MessageBatch<unknown>, env: EventsEnv): Promise<void> {
  const platform = eventsPlatformOf(env);
  if (queueOfDeadLetters(batch.queue) !== undefined) return buryMessages(batch, platform);
  const consumer = { ...platform, deadLetters: platform.deadLettersOf(batch.queue) };
  if (batch.queue === "user-imports") return consumeImports(batch, consumer);
  if (batch.queue === "exports") return consumeExports(batch, consumer);
  const maintenance = batch.messages.filter(isAboutMaintenance);
  const webhooks = batch.messages.filter(isAboutWebhook);
  const conversations = batch.messages.filter(isAboutConversation);
  const counted = batch.messages.filter(isAboutCounting);
  const staff = batch.messages.filter(isAboutStaff);
  const others = new Set([...maintenance, ...webhooks, ...conversations, ...counted, ...staff]);
  const messages = batch.messages.filter((message) => !others.has(message));
  await projectMessages({ queue: batch.queue, messages }, consumer);
  await consumeConversationCopies(conversations, platform);
  await consumeStaffArrivals(staff, platform);
  await consumeCountedEvents(counted, platform);
  await consumeMaintenance(maintenance, platform);
  await consumeWebhookNotices(webhooks, platform);
}

export default {
  queue: (batch, env, ctx) => takeBatch(batch, env, ctx, () => consume(batch, env)),
} satisfies ExportedHandler<EventsEnv>;
