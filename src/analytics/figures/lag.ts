import { attempt } from "#src/observability/attempt.ts";
import type { Platform } from "#src/platform.ts";
import { queuesNow } from "#src/system/index.ts";

/** How many seconds the oldest event waits that is not counted yet: 0 where none does, null where the queue does not say. */
export async function countingLag({ queues, log, clock }: Pick<Platform, "queues" | "log" | "clock">) {
  const waiting = await attempt(log, "queues", () => queuesNow(queues));
  const queue = waiting?.find((one) => one.queue === "platform-events");
  if (!queue) return null;
  if (queue.oldest_message_at === null) return 0;
  return Math.max(0, Math.round((clock.now() - Date.parse(queue.oldest_message_at)) / 1000));
}
