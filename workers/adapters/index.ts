import { adapterOfTask, makeImage, mayBeImage, searchWeb } from "#src/agents/index.ts";
import { oncePerIsolate } from "#src/kernel/once-per-isolate.ts";
import type { ObjectBindings } from "#src/objects/objects.ts";
import { imageModelOf, searchEngineOf } from "#src/providers/index.ts";
import { providerWorldOf, taskPlatformOf } from "#src/task-platform.ts";
import { type Consumer, consumeTasks, type DeadLetterBindings, Places } from "#src/tasks/index.ts";
import { takeBatch } from "#src/telemetry-platform.ts";

/** Bindings of the adapters Worker (its wrangler.toml). */
interface AdaptersEnv
  extends Pick<ObjectBindings, "TENANT_WORKFLOWS" | "CIRCUIT_BREAKER" | "PLATFORM_METRICS" | "LOG_RING">,
    DeadLetterBindings<"adapters"> {
  BLOBS: R2Bucket;
  /** Bound in development only. */
  SANDBOX?: Fetcher;
}

/** Pictures of one batch that are made at a time: each needs several times its size in memory. */
const maxImages = 3;

const imagesBy = oncePerIsolate((env: AdaptersEnv) => imageModelOf(providerWorldOf(env)));
const searchesBy = oncePerIsolate((env: AdaptersEnv) => searchEngineOf(providerWorldOf(env)));

export default {
  async queue(batch, env, ctx) {
    const images = new Places(maxImages);
    const consumer: Consumer = {
      ...taskPlatformOf("adapters", env, batch.queue, ctx),
      placesFor: (envelope) => (mayBeImage(envelope) ? images : undefined),
      work: async (task) =>
        adapterOfTask(task.assignment) === "image"
          ? makeImage(task, imagesBy(env)(), env.BLOBS)
          : searchWeb(task, searchesBy(env)()),
    };
    await takeBatch(batch, env, ctx, () => consumeTasks(batch, consumer));
  },
} satisfies ExportedHandler<AdaptersEnv>;
