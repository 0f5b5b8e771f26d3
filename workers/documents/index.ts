import { database } from "#src/db/client.ts";
import { consumeDocuments } from "#src/documents/index.ts";
import { systemClock } from "#src/kernel/clock.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { conversationObjects, type ObjectBindings } from "#src/objects/objects.ts";
import { placementsOf } from "#src/objects/placement-repository.ts";
import { createLogger } from "#src/observability/logger.ts";
import { type DeadLetterBindings, deadLettersOf } from "#src/tasks/index.ts";
import { takeBatch, telemetryOf } from "#src/telemetry-platform.ts";

/** Bindings of the documents Worker (its wrangler.toml). */
interface DocumentsEnv
  extends Pick<ObjectBindings, "CONVERSATIONS" | "PLATFORM_METRICS" | "LOG_RING">,
    DeadLetterBindings<"documents"> {
  DB: D1Database;
  BLOBS: R2Bucket;
}

export default {
  async queue(batch, env, ctx) {
    const { LOG_LEVEL } = settingsOf(env);
    const { conversation } = conversationObjects(env, placementsOf(database(env.DB)));
    const consumer = {
      blobs: env.BLOBS,
      conversation,
      deadLetters: deadLettersOf("documents", env, batch.queue),
      log: createLogger("documents", LOG_LEVEL, {}, telemetryOf(env).logs),
      now: systemClock.now,
    };
    await takeBatch(batch, env, ctx, () => consumeDocuments(batch, consumer));
  },
} satisfies ExportedHandler<DocumentsEnv>;
