import type { DurableObjectNamespaces } from "../../durable-objects/environment.ts";
import { tenantWorkflowsOfRun } from "../../durable-objects/tenant-workflows/client.ts";
import { settingsOf } from "../../src/config.ts";
import { database } from "../../src/db/client.ts";
import type { DeadLetter } from "../../src/messaging/dead-letter.ts";
import { createLogger } from "../../src/observability/logger.ts";
import { buryMessages } from "../../src/read-models/bury-messages.ts";
import { projectMessages } from "../../src/read-models/project-messages.ts";

/** Bindings of the events Worker (its wrangler.toml). */
export interface EventsEnv extends Pick<DurableObjectNamespaces, "TENANT_WORKFLOWS"> {
  DB: D1Database;
  BLOBS: R2Bucket;
  PLATFORM_EVENTS_DLQ: Queue<DeadLetter>;
}

export default {
  async queue(batch, env) {
    const shared = {
      db: database(env.DB),
      logger: createLogger("events", settingsOf(env).LOG_LEVEL),
      workflowsOf: (clientId: string, runId: string) => tenantWorkflowsOfRun(env, clientId, runId),
    };
    if (batch.queue.endsWith("-dlq")) return buryMessages(batch, shared);
    return projectMessages(batch, { ...shared, deadLetters: env.PLATFORM_EVENTS_DLQ });
  },
} satisfies ExportedHandler<EventsEnv>;
