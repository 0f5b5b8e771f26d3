import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { workerConfigs } from "#scripts/local/worker-configs.ts";
import { maxRetries } from "#src/tasks/retry-delay.ts";
import { taskQueues } from "#src/tasks/route-task.ts";
import { queueNames } from "#src/tasks/topic-directory.ts";
import { maxConnections } from "../support/connections.ts";

const consumerSchema = z.object({
  queue: z.string(),
  max_batch_size: z.number(),
  max_batch_timeout: z.number(),
  max_retries: z.number(),
  retry_delay: z.number().optional(),
  dead_letter_queue: z.string().optional(),
});
const configSchema = z.looseObject({
  queues: z.looseObject({ consumers: z.array(consumerSchema).default([]) }).optional(),
});

const consumers = Object.values(workerConfigs).flatMap(
  (path) => configSchema.parse(parse(readFileSync(path, "utf8"))).queues?.consumers ?? [],
);

it("Every queue has a consumer, and so have its dead letters", () => {
  const wanted = queueNames.flatMap((name) => [name, `${name}-dlq`]);
  expect(consumers.map(({ queue }) => queue).sort()).toEqual(wanted.sort());
});

describe.each(consumers)("The consumer of $queue", (consumer) => {
  it("gives no message up before the platform makes it, and not one after the other", () => {
    expect(consumer.max_retries).toBe(maxRetries);
    expect(consumer.retry_delay).toBeGreaterThanOrEqual(5);
  });

  it("takes no more at once than an invocation has connections for", () => {
    const isTask = taskQueues.some((queue) => queue === consumer.queue);
    // A reasoning task uses two at a time, any other one.
    const most = consumer.queue === "adapter-tasks" ? maxConnections : maxConnections / 2;
    expect(consumer.max_batch_size).toBeLessThanOrEqual(isTask ? most : 10);
  });

  it("has dead letters, unless it takes them", () => {
    const isLast = consumer.queue.endsWith("-dlq");
    expect(consumer.dead_letter_queue).toBe(isLast ? undefined : `${consumer.queue}-dlq`);
  });
});
