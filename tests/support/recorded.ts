import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { assemble } from "#durable-objects/tenant-workflows/assemble.ts";
import { objectPlatformOf } from "#src/object-platform.ts";
import type { PlatformBody } from "#src/objects/platform-message.ts";
import type { TaskEnvelope } from "#src/tasks/envelope.ts";

/** A queue that shows what was sent to it. */
export function recordedQueue<T>() {
  const bodies: T[] = [];
  const queue: Queue<T> = Object.assign(Object.create(null), {
    send: async (body: T) => void bodies.push(body),
    sendBatch: async (batch: Iterable<{ body: T }>) =>
      void bodies.push(...[...batch].map(({ body }) => body)),
  });
  return { bodies, queue };
}

/** Everything that a tenant's workflow object sends to queues once all it has is due; `BLOBS` takes what is too large. */
export async function sentBy(
  name: string,
  BLOBS: R2Bucket = env.BLOBS,
): Promise<{ tasks: TaskEnvelope[]; platform: PlatformBody[] }> {
  const tasks = recordedQueue<TaskEnvelope>();
  const platform = recordedQueue<PlatformBody>();
  await runInDurableObject(env.TENANT_WORKFLOWS.getByName(name), async (_, state) => {
    const queues = {
      AGENT_TASKS_HIGH: tasks.queue,
      AGENT_TASKS_NORMAL: tasks.queue,
      AGENT_TASKS_LOW: tasks.queue,
      ADAPTER_TASKS: tasks.queue,
      PLATFORM_EVENTS: platform.queue,
    };
    const { leases, delivery } = assemble(state, objectPlatformOf({ ...env, ...queues, BLOBS }, state.id));
    leases.sendUnclaimed(Date.now());
    await delivery.drain();
  });
  return { tasks: tasks.bodies, platform: platform.bodies };
}
