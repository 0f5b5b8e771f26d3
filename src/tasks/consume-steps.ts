import { z } from "zod";
import type { Clock } from "#src/kernel/clock.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import { type DeadLetter, deadLetter } from "./dead-letter.ts";
import { retryDelay } from "./retry-delay.ts";

interface StepConsumer {
  clock: Clock;
  log: Logger;
  deadLetters: Pick<Queue<DeadLetter>, "send">;
}

/**
 * Takes the steps of jobs that a batch names, one after the other. One that cannot be read is buried with the reason; one
 * that fails is delivered again.
 * @param names what a line of the log says of a step
 */
export async function consumeSteps<T>(
  batch: MessageBatch<unknown>,
  { clock, log, deadLetters }: StepConsumer,
  schema: z.ZodType<T>,
  step: { take(body: T): Promise<void>; names(body: T): Record<string, string> },
): Promise<void> {
  for (const message of batch.messages) {
    const parsed = schema.safeParse(message.body);
    if (!parsed.success) {
      const reason = `Malformed message: ${z.prettifyError(parsed.error)}`;
      await deadLetters.send(deadLetter(batch.queue, message.body, reason, clock.now()));
      message.ack();
      continue;
    }
    try {
      await step.take(parsed.data);
      message.ack();
    } catch (error) {
      log.error("a step failed; it is repeated", {
        queue: batch.queue,
        ...step.names(parsed.data),
        ...errorFields(error),
      });
      message.retry({ delaySeconds: retryDelay(message.attempts) });
    }
  }
}
