import { z } from "zod";
import { numberedBinding, numberedName, queueNumbers } from "#src/tasks/index.ts";

const entrySchema = z.looseObject({ queue: z.string() });
const queuesSchema = z
  .looseObject({
    producers: z.array(entrySchema.extend({ binding: z.string() })).default([]),
    consumers: z.array(entrySchema).default([]),
  })
  .prefault({});

/**
 * The queues of a Worker's configuration with those that `QUEUE_NUMBERS` adds: each is bound and consumed as the
 * first of its name, and shares its dead letters.
 * @param queues as in a wrangler file
 * @param setting `QUEUE_NUMBERS`
 * @throws ConfigurationError for a setting that cannot be read
 */
export function spreadQueues(queues: unknown, setting: string | undefined) {
  const { producers, consumers, ...others } = queuesSchema.parse(queues);
  const numbers = new Map(Object.entries(queueNumbers({ QUEUE_NUMBERS: setting })));
  const numbersOf = (queue: string) =>
    Array.from({ length: numbers.get(queue) ?? 1 }, (_, index) => index + 1);
  return {
    ...others,
    producers: producers.flatMap(({ queue, binding, ...rest }) =>
      numbersOf(queue).map((number) => ({
        ...rest,
        binding: numberedBinding(binding, number),
        queue: numberedName(queue, number),
      })),
    ),
    consumers: consumers.flatMap(({ queue, ...rest }) =>
      numbersOf(queue).map((number) => ({ ...rest, queue: numberedName(queue, number) })),
    ),
  };
}
