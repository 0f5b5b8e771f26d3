import { z } from "zod";
import { errorFields } from "#src/observability/logger.ts";
import { type DeadLetter, deadLetter, retryDelay, userImportMessageSchema } from "#src/tasks/index.ts";
import { askForStep, type StepQueue } from "./ask-for-step.ts";
import { continueImport, messageLimits } from "./continue-import.ts";
import { findImportJob } from "./import-job-repository.ts";
import type { Importing } from "./importing.ts";

export interface ImportConsumer extends Importing, StepQueue {
  deadLetters: Pick<Queue<DeadLetter>, "send">;
  /** Tells a tenant of the accounts that were made. */
  announce(clientId: string): Promise<unknown>;
}

/**
 * Consumes `user-imports`: does a step of the job that a message names and asks
 * for the next. A step that fails is delivered again; the sweep takes up what was lost.
 */
export async function consumeImports(batch: MessageBatch<unknown>, consumer: ImportConsumer): Promise<void> {
  for (const message of batch.messages) {
    const parsed = userImportMessageSchema.safeParse(message.body);
    if (!parsed.success) {
      const reason = `Malformed import message: ${z.prettifyError(parsed.error)}`;
      await consumer.deadLetters.send(deadLetter(batch.queue, message.body, reason, consumer.clock.now()));
      message.ack();
      continue;
    }
    const { job_id } = parsed.data;
    try {
      await takeStep(consumer, job_id);
      message.ack();
    } catch (error) {
      consumer.log.error("import step failed; it is repeated", { job_id, ...errorFields(error) });
      message.retry({ delaySeconds: retryDelay(message.attempts) });
    }
  }
}

async function takeStep(consumer: ImportConsumer, jobId: string): Promise<void> {
  const state = await continueImport(consumer, jobId, messageLimits);
  if (state === "more") await askForStep(consumer, jobId);
  const job = await findImportJob(consumer.db, jobId);
  if (job && state !== "busy") await consumer.announce(job.clientId);
}
