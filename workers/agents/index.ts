import { performTask } from "#src/agents/index.ts";
import { oncePerIsolate } from "#src/kernel/once-per-isolate.ts";
import type { ObjectBindings } from "#src/objects/objects.ts";
import type { TaskAssignment } from "#src/objects/tasks-api.ts";
import { textModelsOf } from "#src/providers/index.ts";
import {
  conversationsOf,
  couriersOf,
  filesOf,
  personsOf,
  providerWorldOf,
  taskPlatformOf,
} from "#src/task-platform.ts";
import { type Consumer, consumeTasks, type DeadLetterBindings } from "#src/tasks/index.ts";
import { takeBatch } from "#src/telemetry-platform.ts";

/** Bindings of the agents Worker (its wrangler.toml). */
export interface AgentsEnv
  extends Pick<
      ObjectBindings,
      | "TENANT_WORKFLOWS"
      | "TENANT_HUB"
      | "CIRCUIT_BREAKER"
      | "PLATFORM_METRICS"
      | "LOG_RING"
      | "CONVERSATIONS"
      | "TENANT_PERSONALISATION"
    >,
    DeadLetterBindings<"agents"> {
  BLOBS: R2Bucket;
  /** Bound in development only. */
  SANDBOX?: Fetcher;
}

const modelsOf = oncePerIsolate((env: AgentsEnv) => textModelsOf(providerWorldOf(env)));

export default {
  async queue(batch, env, ctx) {
    const platform = taskPlatformOf("agents", env, batch.queue, ctx);
    const courierTo = couriersOf(env, platform.logger);
    const couriersFor = ({ clientId, hubs = [0], jurisdiction }: TaskAssignment) =>
      hubs.map((hub) => courierTo(clientId, hub, jurisdiction));
    const work: Consumer["work"] = async (task) =>
      performTask(task, {
        providers: modelsOf(env),
        couriers: couriersFor(task.assignment),
        conversationOf: conversationsOf(env, task.assignment),
        filesOf: filesOf(env, task.assignment),
        persons: personsOf(env, task.assignment),
      });
    await takeBatch(batch, env, ctx, () => consumeTasks(batch, { ...platform, work }));
  },
} satisfies ExportedHandler<AgentsEnv>;
