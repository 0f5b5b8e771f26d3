import { consumeSteps, type DeadLetter, userImportMessageSchema } from "#src/tasks/index.ts";
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
export const consumeImports = (batch: MessageBatch<unknown>, consumer: ImportConsumer): Promise<void> =>
  consumeSteps(batch, consumer, userImportMessageSchema, {
    take: ({ job_id }) => takeStep(consumer, job_id),
    names: ({ job_id }) => ({ job_id }),
  });

async function takeStep(consumer: ImportConsumer, jobId: string): Promise<void> {
  const state = await continueImport(consumer, jobId, messageLimits);
  if (state === "more") await askForStep(consumer, jobId);
  const job = await findImportJob(consumer.db, jobId);
  if (job && state !== "busy") await consumer.announce(job.clientId);
}
