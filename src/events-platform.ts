import { database } from "#src/db/client.ts";
import { deliverEvents } from "#src/events/index.ts";
import { systemClock } from "#src/kernel/clock.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { configuredMailer } from "#src/mail/index.ts";
import {
  type ConversationObjects,
  conversationObjects,
  type HubObjects,
  hubObjects,
  type ObjectBindings,
  type PersonalisationObjects,
  personalisationObjects,
  type TenantObjects,
  tenantObjects,
} from "#src/objects/objects.ts";
import { placementsOf } from "#src/objects/placement-repository.ts";
import { createLogger } from "#src/observability/logger.ts";
import {
  type DeadLetterBindings,
  deadLettersOf,
  type QueueBindings,
  type Queues,
  queuesOf,
} from "#src/tasks/index.ts";
import type { Platform } from "./platform.ts";
import { type TelemetryBindings, telemetryOf } from "./telemetry-platform.ts";

type EventsBindings = Pick<
  ObjectBindings,
  "TENANT_WORKFLOWS" | "TENANT_HUB" | "CONVERSATIONS" | "TENANT_PERSONALISATION"
> &
  TelemetryBindings &
  DeadLetterBindings<"events"> &
  QueueBindings<"user-imports" | "exports"> & { DB: D1Database; BLOBS: R2Bucket; CACHE: KVNamespace };

/** What the events Worker reaches the world with. */
export interface EventsPlatform extends Pick<Platform, "db" | "clock" | "log" | "blobs" | "mailer"> {
  objects: TenantObjects & ConversationObjects & HubObjects & PersonalisationObjects;
  queues: Queues<"user-imports" | "exports">;
  /** Hands a tenant's waiting events to its log. */
  announce(clientId: string): Promise<unknown>;
  /** Where goes what cannot be read of a batch. */
  deadLettersOf(queue: string): ReturnType<typeof deadLettersOf>;
}

/** Puts together what the events Worker needs. */
export function eventsPlatformOf(env: EventsBindings): EventsPlatform {
  const settings = settingsOf(env);
  const db = database(env.DB);
  const { metrics, logs } = telemetryOf(env);
  const log = createLogger("events", settings.LOG_LEVEL, {}, logs);
  const placementOf = placementsOf(db);
  const objects = {
    ...tenantObjects(env, settings, placementOf),
    ...conversationObjects(env, placementOf),
    ...hubObjects(env, placementOf),
    ...personalisationObjects(env, placementOf),
  };
  return {
    db,
    clock: systemClock,
    log,
    blobs: env.BLOBS,
    mailer: () => configuredMailer(settings, env.CACHE, systemClock.now),
    objects,
    queues: queuesOf<"user-imports" | "exports">(env, settings, metrics),
    announce: (clientId) => deliverEvents({ db, logOf: objects.workflows, logger: log }, clientId),
    deadLettersOf: (queue) => deadLettersOf("events", env, queue),
  };
}
