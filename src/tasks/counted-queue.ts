import type { Metrics } from "#src/observability/metrics/metrics.ts";

/**
 * The same queue, whose messages are counted when they are on it.
 * @param name the queue's, by which they are counted
 */
export const countedQueue = <T>(queue: Queue<T>, name: string, metrics: Metrics): Queue<T> => {
  const produced = (messages: number) =>
    metrics.count("ai_persona_queue_messages_produced_total", { queue: name }, messages);
  return {
    metrics: () => queue.metrics(),
    async send(message, options) {
      const answer = await queue.send(message, options);
      produced(1);
      return answer;
    },
    async sendBatch(messages, options) {
      const batch = [...messages];
      const answer = await queue.sendBatch(batch, options);
      produced(batch.length);
      return answer;
    },
  };
};
