import type { DurableObjectNamespaces } from "#durable-objects/environment.ts";
import { tenantWorkflows, tenantWorkflowsOfRun } from "#durable-objects/tenant-workflows/client.ts";
import { consumeImports, type ImportConsumer } from "#src/administration/user-import/consume-imports.ts";
import { database } from "#src/db/client.ts";
import { deliverEvents } from "#src/events/event-outbox.ts";
import { systemClock } from "#src/kernel/clock.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { configuredMailer } from "#src/mail/configured-mailer.ts";
import { createLogger, type Logger } from "#src/observability/logger.ts";
import { buryMessages } from "#src/read-models/bury-messages.ts";
import { projectMessages } from "#src/read-models/project-messages.ts";
import { type DeadLetterBindings, deadLettersOf, queueOfDeadLetters } from "#src/tasks/dead-letter-queues.ts";
import type { QueueBindings } from "#src/tasks/queues.ts";

/** Bindings of the events Worker (its wrangler.toml). */
export interface EventsEnv
  extends Pick<DurableObjectNamespaces, "TENANT_WORKFLOWS">,
    DeadLetterBindings<"events">,
    QueueBindings<"user-imports"> {
  DB: D1Database;
  BLOBS: R2Bucket;
  CACHE: KVNamespace;
}

/** What taking accounts over and telling of them needs. */
function importConsumer(env: EventsEnv, logger: Logger): ImportConsumer {
  const db = database(env.DB);
  const delivery = { db, logOf: (clientId: string) => tenantWorkflows(env, clientId), logger };
  return {
    db,
    clock: systemClock,
    blobs: env.BLOBS,
    mailer: () => configuredMailer(settingsOf(env), env.CACHE, systemClock.now),
    log: logger,
    queues: { of: () => env.USER_IMPORTS },
    deadLetters: deadLettersOf("events", env, "user-imports"),
    announce: (clientId) => deliverEvents(delivery, clientId),
  };
}

export default {
  async queue(batch, env) {
    const shared = {
      db: database(env.DB),
      logger: createLogger("events", settingsOf(env).LOG_LEVEL),
      workflowsOf: (clientId: string, runId: string) => tenantWorkflowsOfRun(env, clientId, runId),
    };
    if (queueOfDeadLetters(batch.queue) !== undefined) return buryMessages(batch, shared);
    if (batch.queue === "user-imports") return consumeImports(batch, importConsumer(env, shared.logger));
    return projectMessages(batch, { ...shared, deadLetters: deadLettersOf("events", env, batch.queue) });
  },
} satisfies ExportedHandler<EventsEnv>;
