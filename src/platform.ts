import type { SQL } from "drizzle-orm";
import { type Configuration, ConfigurationSnapshot, storedKeys } from "#src/configuration/index.ts";
import { type Database, database } from "#src/db/client.ts";
import type { DatabaseSession } from "#src/db/session.ts";
import { type Egress, egressOf } from "#src/egress/index.ts";
import { deliverEvents, outboxStatement, type TenantEvent } from "#src/events/index.ts";
import { historyOfObjects, type RunHistory, type Usage, usageOfObjects } from "#src/history/index.ts";
import type { Actor } from "#src/kernel/actor.ts";
import { type Clock, systemClock } from "#src/kernel/clock.ts";
import { type Settings, settingsOf } from "#src/kernel/config.ts";
import type { LogLevel } from "#src/kernel/log-level.ts";
import { oncePerIsolate } from "#src/kernel/once-per-isolate.ts";
import type { RateClass } from "#src/kernel/rate-class.ts";
import { configuredMailer, type Mailer } from "#src/mail/index.ts";
import type { CallLimit } from "#src/objects/call-counts-api.ts";
import { type ObjectBindings, type Objects, objectsOf } from "#src/objects/objects.ts";
import { placementsOf } from "#src/objects/placement-repository.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import { type Payments, paymentsOf } from "#src/providers/index.ts";
import { CallLeases, CallLimits, type Standing } from "#src/rate-limits/index.ts";
import { type QueueBindings, type Queues, queuesOf } from "#src/tasks/index.ts";
import { telemetryOf } from "./telemetry-platform.ts";

/** What the platform is made of, as the gateway binds it (wrangler.toml); text settings are beside it. */
export interface PlatformBindings extends ObjectBindings, QueueBindings {
  DB: D1Database;
  /** What the shops of tenants hold; nothing in it is joined to the other. */
  COMMERCE_DB: D1Database;
  CACHE: KVNamespace;
  BLOBS: R2Bucket;
  /** Bound in development only. */
  SANDBOX?: Fetcher;
}

/** The call, message or tick that the platform is put together for. */
export interface Occasion {
  /** Names it in logs, in tasks and in answers. */
  requestId: string;
  /** The trace that it is part of (W3C). */
  traceparent: string;
  log: Logger;
  /** The database as this caller has seen it, where that has been asked for. */
  session?: DatabaseSession;
  /** Keeps the Worker alive until something has been done that nobody waits for. */
  waitUntil(work: Promise<unknown>): void;
}

/** Where what a tenant sells is, and how what happens to it is told. */
export interface Commerce {
  db: Database;
  /** As the platform's `tell`, in a batch of this database. */
  tell: Platform["tell"];
  /** As the platform's `told`. */
  told: Platform["told"];
}

interface Limits {
  /**
   * @param cost as how many calls it counts, 1 unless said otherwise
   * @returns what is to be waited for; mostly nothing
   * @throws AppError `RATE_LIMITED`
   */
  take(actor: Actor, rate: RateClass, cost?: number): Promise<void> | undefined;
  /** What counts somebody's calls, for who counts them elsewhere; undefined where nothing does. */
  countedCalls(
    actor: Actor,
    rate: RateClass,
  ): Promise<{ key: string; limits: readonly CallLimit[] } | undefined>;
  /** How the caller stands since, where something limits them. */
  readonly standing?: Standing;
}

/**
 * Everything that a use case reaches the world with. Made for each occasion; `env` is read by this file, by those
 * beside it that put smaller platforms together (`src/*-platform.ts`), and by `workers/`.
 */
export interface Platform extends Pick<Occasion, "requestId" | "traceparent" | "log"> {
  settings: Settings;
  /** What the operator has configured, as it was at most five seconds ago; mostly known already. */
  config(): Configuration | Promise<Configuration>;
  /** Has this isolate read the configuration again, after it has changed it. */
  forgetConfig(): void;
  clock: Clock;
  /** When this isolate was first asked. */
  startedAt: number;
  db: Database;
  commerce: Commerce;
  objects: Objects;
  /** What has happened in tenants. */
  history: RunHistory;
  /** What that has used. */
  usage: Usage;
  queues: Queues;
  blobs: R2Bucket;
  /** Mail in development. */
  mailbox: KVNamespace;
  /** @throws AppError `UPSTREAM_UNAVAILABLE` where no provider is configured */
  mailer(): Mailer;
  /** @throws AppError `UPSTREAM_UNAVAILABLE` where no provider is configured */
  payments(): Payments;
  /** The way out to URLs that somebody gave us. */
  egress: Egress;
  /** Counts calls against the limits of their callers; none where nobody counts. */
  limits?: Limits;
  /** Does something that nobody waits for; a failure is logged with what it was. */
  later(what: string, work: () => Promise<unknown>): void;
  /**
   * The statement that tells of an event; it stands in the batch of the change that it tells of. What has been told
   * is delivered when the occasion is over.
   */
  tell(event: TenantEvent, now: number, when?: SQL): ReturnType<typeof outboxStatement>;
  /** Says that a batch tells of events of a tenant by a statement of its own. */
  told(clientId: string): void;
  /**
   * Delivers what has been told, while the answer is on its way.
   * @param clientId a tenant's only, by who tells behind the answer: what else is told may not be written yet
   */
  deliver(clientId?: string): void;
}

/** What is the same on every occasion: made once, because every request asks for it. */
const lasting = oncePerIsolate((env: PlatformBindings) => {
  const settings = settingsOf(env);
  const { metrics } = telemetryOf(env);
  const db = database(env.DB);
  const objects = objectsOf(env, settings, placementsOf(db));
  const configuration = new ConfigurationSnapshot({ read: () => storedKeys(db), clock: systemClock });
  return {
    settings,
    configuration,
    forgetConfig: () => configuration.forget(),
    clock: systemClock,
    startedAt: systemClock.now(),
    db,
    commerceDb: database(env.COMMERCE_DB),
    objects,
    history: historyOfObjects({ db, objects }),
    usage: usageOfObjects({ db, objects }),
    queues: queuesOf(env, settings, metrics),
    blobs: env.BLOBS,
    mailbox: env.CACHE,
    mailer: () => configuredMailer(settings, env.CACHE, systemClock.now),
    payments: () => paymentsOf({ settings, sandbox: env.SANDBOX, breakerOf: objects.breaker }),
    egress: egressOf(settings),
    leases: new CallLeases(systemClock),
    metrics,
  };
});

/** The least severe level that is logged, as far as this isolate knows. */
export const logLevelOf = (env: PlatformBindings): LogLevel => {
  const { configuration, settings } = lasting(env);
  return configuration.held.log_level ?? settings.LOG_LEVEL;
};

/** Puts the platform together. */
export function platformOf(env: PlatformBindings, occasion: Occasion): Platform {
  const { log } = occasion;
  const { configuration, leases, metrics, commerceDb, ...always } = lasting(env);
  const { objects, clock, settings } = always;
  const db = occasion.session?.db ?? always.db;
  // Behind the occasion, where it is old; who needs it waits for it.
  configuration.refresh(occasion);
  const config = () => configuration.current(occasion);
  const waitUntil: Occasion["waitUntil"] = (work) => occasion.waitUntil(work);
  const counting = { leases, objects, clock, log, metrics, config, waitUntil };
  const outbox = telling(db);
  const commerce = telling(commerceDb);
  const later: Platform["later"] = (what, work) => {
    const attempt = async () => {
      try {
        await work();
      } catch (error) {
        log.error(what, errorFields(error));
      }
    };
    occasion.waitUntil(attempt());
  };
  return {
    ...always,
    db,
    commerce: { db: commerceDb, tell: commerce.tell, told: commerce.told },
    requestId: occasion.requestId,
    traceparent: occasion.traceparent,
    log,
    config,
    limits: settings.RATE_LIMITS === "on" ? new CallLimits(counting) : undefined,
    later,
    tell: outbox.tell,
    told: outbox.told,
    deliver: (only) => {
      for (const { db: from, tenants } of [outbox, commerce])
        for (const clientId of only === undefined ? tenants.take() : [only])
          occasion.waitUntil(deliverEvents({ db: from, logOf: objects.workflows, logger: log }, clientId));
    },
  };
}

/** Tells of events by the outbox of a database, and remembers of which tenants. */
function telling(db: Database) {
  const told = new Set<string>();
  return {
    db,
    tenants: {
      take: (): string[] => {
        const all = [...told];
        told.clear();
        return all;
      },
    },
    tell: (event: TenantEvent, now: number, when?: SQL) => {
      told.add(event.clientId);
      return outboxStatement(db, event, now, when);
    },
    told: (clientId: string): void => {
      told.add(clientId);
    },
  };
}
