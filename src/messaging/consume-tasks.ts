import { z } from "zod";
import type { Outcome } from "../http/outcome.ts";
import { errorFields, type Logger } from "../observability/logger.ts";
import { shardOfRun } from "../workflows/run-id.ts";
import type { TaskAssignment, TenantWorkflowsApi } from "../workflows/tenant-workflows-api.ts";
import { carryOut, type Work } from "./carry-out.ts";
import { type DeadLetter, deadLetter } from "./dead-letter.ts";
import type { DetachedWork } from "./detached-work.ts";
import { type TaskEnvelope, taskEnvelopeSchema } from "./envelope.ts";
import { sideBySide } from "./side-by-side.ts";
import type { TaskConsumer } from "./topics.ts";

export interface Consumer {
  /** Which Worker this is. */
  name: TaskConsumer;
  workflowsOf(clientId: string, runId: string): TenantWorkflowsApi;
  deadLetters: Queue<DeadLetter>;
  blobs: Pick<R2Bucket, "delete">;
  logger: Logger;
  work: Work;
  /** Takes the work over from its batch (local queues only). */
  detached?: DetachedWork;
}

/** Tasks of one batch that are worked on at a time; as many as a batch has at most (wrangler.toml). */
const concurrency = 10;

/**
 * Within this time from its claim a message's consumer goes on with the next steps of the run by itself. Later
 * ones go over their queue again, so that a long run never holds up the messages beside its own.
 */
const handOverMs = 1000;

interface Claim {
  message: Message<unknown>;
  envelope: TaskEnvelope;
  claimed: Outcome<TaskAssignment>;
}

/** Consumes a batch of tasks side by side; no message can hold up or break another. */
export async function consumeTasks(batch: MessageBatch<unknown>, consumer: Consumer): Promise<void> {
  const { detached } = consumer;
  await detached?.room();
  const claims = await claimAll(batch, consumer);
  if (detached) {
    for (const { message, ...claim } of claims) {
      // What fails from here on is sent again by the tenant object when its lease runs out.
      message.ack();
      detached.take(carryOutRun(claim, consumer).catch((error) => noteFailure(batch.queue, error, consumer)));
    }
    return;
  }
  await sideBySide(claims, concurrency, ({ message, ...claim }) =>
    settled(batch.queue, message, consumer, () => carryOutRun(claim, consumer)),
  );
}

/** Acknowledges a message whose work went through; otherwise it is delivered again. */
async function settled(
  queue: string,
  message: Message<unknown>,
  consumer: Consumer,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
    message.ack();
  } catch (error) {
    noteFailure(queue, error, consumer);
    message.retry({ delaySeconds: 2 ** Math.min(message.attempts, 6) });
  }
}

const noteFailure = (queue: string, error: unknown, { logger }: Consumer): void =>
  logger.error("task message failed; it is delivered again", { queue, ...errorFields(error) });

/** Claims the tasks of a batch with one call to each object. Malformed messages end among the dead letters. */
async function claimAll(batch: MessageBatch<unknown>, consumer: Consumer): Promise<Claim[]> {
  const byObject = new Map<string, Omit<Claim, "claimed">[]>();
  for (const message of batch.messages) {
    const parsed = taskEnvelopeSchema.safeParse(message.body);
    if (parsed.success) {
      const { client_id, correlation_id } = parsed.data;
      const object = `${client_id}:${shardOfRun(correlation_id)}`;
      byObject.set(object, [...(byObject.get(object) ?? []), { message, envelope: parsed.data }]);
      continue;
    }
    const reason = `Malformed task message: ${z.prettifyError(parsed.error)}`;
    await settled(batch.queue, message, consumer, () =>
      consumer.deadLetters.send(deadLetter(batch.queue, message.body, reason, Date.now())),
    );
  }
  const claims: Claim[] = [];
  await Promise.all(
    [...byObject.values()].map(async (entries) => {
      const [first] = entries;
      if (!first) return;
      const { client_id, correlation_id } = first.envelope;
      const addresses = entries.map(({ envelope }): [string, number] => [envelope.task_id, envelope.attempt]);
      try {
        const claimed = await consumer.workflowsOf(client_id, correlation_id).claimTasks(addresses);
        for (const [index, entry] of entries.entries()) {
          const outcome = claimed[index];
          if (outcome) claims.push({ ...entry, claimed: outcome });
        }
      } catch (error) {
        const fail = () => Promise.reject(error);
        await Promise.all(entries.map(({ message }) => settled(batch.queue, message, consumer, fail)));
      }
    }),
  );
  return claims;
}

/**
 * Carries out a claimed task, and what of its run follows at once. Every message
 * that comes back from here is done with: what was not finished is sent again by
 * the tenant object.
 */
async function carryOutRun({ envelope, claimed }: Omit<Claim, "message">, consumer: Consumer): Promise<void> {
  const { correlation_id, client_id, request_id, traceparent } = envelope;
  const tenant = () => consumer.workflowsOf(client_id, correlation_id);
  const loggerOf = (task_id: string, attempt: number) =>
    consumer.logger.with({ task_id, attempt, correlation_id, client_id, request_id, traceparent });
  if (!claimed.ok) {
    loggerOf(envelope.task_id, envelope.attempt).debug("task not claimed", { reason: claimed.message });
    return;
  }
  const since = Date.now();
  let next: TaskAssignment | undefined = claimed.value;
  while (next) {
    const logger = loggerOf(next.taskId, next.attempt);
    const takesNext = () => Date.now() - since < handOverMs;
    next = await carryOut({ tenant, logger, consumer: consumer.name }, next, consumer.work, takesNext);
  }
  await forgetPayload(envelope, consumer);
}

/**
 * Removes a payload that was too large for its message: the claim has brought
 * the same input with more authority. A later attempt brings its own.
 */
async function forgetPayload(
  { client_id, task_id, payload_ref }: TaskEnvelope,
  { blobs, logger }: Consumer,
): Promise<void> {
  if (payload_ref !== payloadKey(client_id, task_id)) return;
  await blobs.delete(payload_ref).catch((error) => logger.warn("payload left behind", errorFields(error)));
}

/** Where the input of a task lies that is too large for a queue message. */
const payloadKey = (clientId: string, taskId: string): string => `payloads/${clientId}/${taskId}.json`;
