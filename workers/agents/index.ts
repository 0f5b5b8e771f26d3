import { performTask } from "#src/agents/perform-task.ts";
import type { ObjectBindings } from "#src/objects/objects.ts";
import { textModelsOf } from "#src/providers/text-models.ts";
import { oncePerIsolate, providerWorldOf, taskPlatformOf } from "#src/task-platform.ts";
import { consumeTasks } from "#src/tasks/consume-tasks.ts";
import type { DeadLetterBindings } from "#src/tasks/dead-letter-queues.ts";

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
