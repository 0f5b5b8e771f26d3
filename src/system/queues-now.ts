import { isoTime } from "#src/kernel/clock.ts";
import { consumerOf, deadLetterQueueOf, type QueueName, queueNames } from "#src/tasks/index.ts";

/** A queue's own measurements. */
export interface MeasuredQueues {
  all(name: QueueName): Pick<Queue, "metrics">[];
}

/** What waits on each queue, as it says itself. */
export const queuesNow = (queues: MeasuredQueues) =>
  Promise.all(queueNames.map((name) => measure(name, queues.all(name))));

/** All queues of a name together. */
async function measure(queue: QueueName, numbered: readonly Pick<Queue, "metrics">[]) {
  const metrics = await Promise.all(numbered.map((one) => one.metrics()));
  const waiting = metrics.flatMap(({ oldestMessageTimestamp }) => oldestMessageTimestamp?.getTime() || []);
  return {
    queue,
    consumer: consumerOf(queue),
    dead_letter_queue: deadLetterQueueOf(queue),
    backlog: totalOf(metrics.map(({ backlogCount }) => backlogCount)),
    backlog_bytes: totalOf(metrics.map(({ backlogBytes }) => backlogBytes)),
    oldest_message_at: waiting.length > 0 ? isoTime(Math.min(...waiting)) : null,
  };
}

export const totalOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0);
