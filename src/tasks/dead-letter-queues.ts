import type { DeadLetter } from "./dead-letter.ts";
import { queueCalled } from "./numbered-queues.ts";
import { type ConsumerName, type QueueName, type QueueOf, queueNames, queueTable } from "./queues.ts";

/** Where messages of a queue, whatever its number, end up that are given up. The events Worker takes them all. */
export const deadLetterQueueOf = (name: QueueName) => `${name}-dlq` as const;

/** The queue that dead letters come from, by their own queue's name; undefined for one that holds none. */
export const queueOfDeadLetters = (name: string): QueueName | undefined =>
  queueNames.find((queue) => deadLetterQueueOf(queue) === name);

type BindingOf<N extends QueueName> = `${(typeof queueTable)[N]["binding"]}_DLQ`;

/** Under which the consumer of a queue binds the producer of its dead letters, for what it cannot read. */
export const deadLetterBindingOf = <N extends QueueName>(name: N): BindingOf<N> =>
  `${queueTable[name].binding}_DLQ`;

/** The producers of dead letters that a consumer binds. */
export type DeadLetterBindings<C extends ConsumerName> = Record<BindingOf<QueueOf<C>>, Queue<DeadLetter>>;

/**
 * Where a consumer puts what it cannot read of a batch.
 * @param name the batch's queue
 */
export function deadLettersOf<C extends ConsumerName>(
  consumer: C,
  env: DeadLetterBindings<C>,
  name: string,
): Queue<DeadLetter> {
  const queue = queueCalled(name);
  if (!queue || !isQueueOf(consumer, queue)) throw new Error(`The queue ${name} is not one of ${consumer}`);
  return env[deadLetterBindingOf(queue)];
}

const isQueueOf = <C extends ConsumerName>(consumer: C, name: QueueName): name is QueueOf<C> =>
  queueTable[name].consumer === consumer;
