import { performTask } from "#src/agents/index.ts";
import { oncePerIsolate } from "#src/kernel/once-per-isolate.ts";
import type { ObjectBindings } from "#src/objects/objects.ts";
import { textModelsOf } from "#src/providers/index.ts";
import { providerWorldOf, taskPlatformOf } from "#src/task-platform.ts";
import { consumeTasks, type DeadLetterBindings } from "#src/tasks/index.ts";

/** Bindings of the agents Worker (its wrangler.toml). */
export interface AgentsEnv
  extends Pick<ObjectBindings, "TENANT_WORKFLOWS" | "CIRCUIT_BREAKER">,
    DeadLetterBindings<"agents"> {
  BLOBS: R2Bucket;
  /** Bound in development only. */
  SANDBOX?: Fetcher;
}

const modelsOf = oncePerIsolate((env: AgentsEnv) => textModelsOf(providerWorldOf(env)));

export default {
  async queue(batch, env, ctx) {
    await consumeTasks(batch, {
      ...taskPlatformOf("agents", env, batch.queue, ctx),
      work: async (task) => performTask(task, modelsOf(env)),
    });
  },
} satisfies ExportedHandler<AgentsEnv>;
