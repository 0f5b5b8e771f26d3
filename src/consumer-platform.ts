import { database } from "./db/client.ts";
import type { TaskConsumer } from "./engine/topics.ts";
import { deliverEvents } from "./events/event-outbox.ts";
import { systemClock } from "./kernel/clock.ts";
import { settingsOf } from "./kernel/config.ts";
import { configuredMailer } from "./mail/configured-mailer.ts";
import { type ObjectBindings, type TenantObjects, tenantObjects } from "./objects/objects.ts";
import { createLogger } from "./observability/logger.ts";
import type { Platform } from "./platform.ts";
import type { ProviderWorld } from "./providers/configured-clients.ts";
import type { Consumer } from "./tasks/consume-tasks.ts";
import { type DeadLetterBindings, deadLettersOf } from "./tasks/dead-letter-queues.ts";
import { detachedWork } from "./tasks/detached-work.ts";
import { type QueueBindings, type Queues, queuesOf } from "./tasks/queues.ts";

/** Makes something of a Worker's `env` once in an isolate. */
export function oncePerIsolate<E extends object, T extends object>(make: (env: E) => T): (env: E) => T {
  const made = new WeakMap<E, T>();
  return (env) => {
    const known = made.get(env);
    if (known) return known;
    const value = make(env);
    made.set(env, value);
    return value;
  };
}

type TaskBindings<C extends TaskConsumer> = Pick<ObjectBindings, "TENANT_WORKFLOWS"> &
  DeadLetterBindings<C> & { BLOBS: R2Bucket };

/**
 * What a Worker takes tasks with; the work itself is its own.
 * @param queue the one that a batch has come from
 */
export function taskPlatformOf<C extends TaskConsumer>(
  name: C,
  env: TaskBindings<C>,
  queue: string,
  ctx: Pick<ExecutionContext, "waitUntil">,
): Omit<Consumer, "work" | "placesFor"> {
  const settings = settingsOf(env);
  return {
    name,
    workflowsOf: tenantObjects(env, settings).workflowsOfRun,
    deadLetters: deadLettersOf(name, env, queue),
    blobs: env.BLOBS,
    detached: detachedWork(settings, ctx),
    logger: createLogger(name, settings.LOG_LEVEL),
  };
}

type ProviderBindings = Pick<ObjectBindings, "CIRCUIT_BREAKER"> & { SANDBOX?: Fetcher };

/** What the providers' clients are made of. */
export const providerWorldOf = (env: ProviderBindings): ProviderWorld => ({
  settings: settingsOf(env),
  sandbox: env.SANDBOX,
  breakerOf: (provider) => env.CIRCUIT_BREAKER.getByName(provider),
});

type EventsBindings = Pick<ObjectBindings, "TENANT_WORKFLOWS"> &
  DeadLetterBindings<"events"> &
  QueueBindings<"user-imports"> & { DB: D1Database; BLOBS: R2Bucket; CACHE: KVNamespace };

/** What the events Worker reaches the world with. */
export interface EventsPlatform extends Pick<Platform, "db" | "clock" | "log" | "blobs" | "mailer"> {
  objects: TenantObjects;
  queues: Queues<"user-imports">;
  /** Hands a tenant's waiting events to its log. */
  announce(clientId: string): Promise<void>;
  /** Where goes what cannot be read of a batch. */
  deadLettersOf(queue: string): ReturnType<typeof deadLettersOf>;
}

/** Puts together what the events Worker needs. */
export function eventsPlatformOf(env: EventsBindings): EventsPlatform {
  const settings = settingsOf(env);
  const db = database(env.DB);
  const log = createLogger("events", settings.LOG_LEVEL);
  const objects = tenantObjects(env, settings);
  return {
    db,
    clock: systemClock,
    log,
    blobs: env.BLOBS,
    mailer: () => configuredMailer(settings, env.CACHE, systemClock.now),
    objects,
    queues: queuesOf<"user-imports">(env),
    announce: (clientId) => deliverEvents({ db, logOf: objects.workflows, logger: log }, clientId),
    deadLettersOf: (queue) => deadLettersOf("events", env, queue),
  };
}
