import { consumeImports } from "#src/administration/user-import/consume-imports.ts";
import { eventsPlatformOf } from "#src/events-platform.ts";
import type { ObjectBindings } from "#src/objects/objects.ts";
import { buryMessages } from "#src/read-models/bury-messages.ts";
import { projectMessages } from "#src/read-models/project-messages.ts";
import { type DeadLetterBindings, queueOfDeadLetters } from "#src/tasks/dead-letter-queues.ts";
import type { QueueBindings } from "#src/tasks/queues.ts";

/** Bindings of the events Worker (its wrangler.toml). */
export interface EventsEnv
  extends Pick<ObjectBindings, "TENANT_WORKFLOWS">,
    DeadLetterBindings<"events">,
    QueueBindings<"user-imports"> {
  DB: D1Database;
  BLOBS: R2Bucket;
  CACHE: KVNamespace;
}

export default {
  async queue(batch, env) {
    const platform = eventsPlatformOf(env);
    if (queueOfDeadLetters(batch.queue) !== undefined) return buryMessages(batch, platform);
    const consumer = { ...platform, deadLetters: platform.deadLettersOf(batch.queue) };
    return batch.queue === "user-imports"
      ? consumeImports(batch, consumer)
      : projectMessages(batch, consumer);
  },
} satisfies ExportedHandler<EventsEnv>;
