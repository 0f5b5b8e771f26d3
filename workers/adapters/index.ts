import { adapterOfTask, mayBeImage } from "#src/agents/adapter-of-task.ts";
import { makeImage } from "#src/agents/make-image.ts";
import { searchWeb } from "#src/agents/search-web.ts";
import type { ObjectBindings } from "#src/objects/objects.ts";
import { imageModelOf } from "#src/providers/image-models.ts";
import { searchEngineOf } from "#src/providers/search-engines.ts";
import { oncePerIsolate, providerWorldOf, taskPlatformOf } from "#src/task-platform.ts";
import { consumeTasks } from "#src/tasks/consume-tasks.ts";
import type { DeadLetterBindings } from "#src/tasks/dead-letter-queues.ts";
import { Places } from "#src/tasks/places.ts";

/** Bindings of the adapters Worker (its wrangler.toml). */
export interface AdaptersEnv
  extends Pick<ObjectBindings, "TENANT_WORKFLOWS" | "CIRCUIT_BREAKER">,
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
    await consumeTasks(batch, {
      ...taskPlatformOf("adapters", env, batch.queue, ctx),
      placesFor: (envelope) => (mayBeImage(envelope) ? images : undefined),
      work: async (task) =>
        adapterOfTask(task.assignment) === "image"
          ? makeImage(task, imagesBy(env)(), env.BLOBS)
          : searchWeb(task, searchesBy(env)()),
    });
  },
} satisfies ExportedHandler<AdaptersEnv>;
