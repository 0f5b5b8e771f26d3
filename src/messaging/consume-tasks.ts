import { z } from "zod";
import { errorFields, type Logger } from "../observability/logger.ts";
import type { TaskResult } from "../workflows/task-report.ts";
import type { TaskAssignment, TenantWorkflowsApi } from "../workflows/tenant-workflows-api.ts";
import { type DeadLetter, deadLetter } from "./dead-letter.ts";
import { type TaskEnvelope, taskEnvelopeSchema } from "./envelope.ts";
import { type Desk, reportOutcome, reportTrouble } from "./report-task.ts";
import { sideBySide } from "./side-by-side.ts";
import { UsageMeter } from "./usage-meter.ts";

/** What carrying out a task needs besides its assignment. */
export interface TaskWork {
  assignment: TaskAssignment;
  tenant: TenantWorkflowsApi;
  /** Aborted at the task's deadline. */
  signal: AbortSignal;
  logger: Logger;
  /** Where the work notes what its calls cost. */
  meter: UsageMeter;
  /** Work that the result need not wait for, but the consumer must: what it leaves behind is cancelled. */
  background(work: Promise<unknown>): void;
}

/** What work gives; what it cost is on its meter. */
export type TaskOutcome = Omit<TaskResult, "usage">;

export interface Consumer {
  workflowsOf(clientId: string, runId: string): TenantWorkflowsApi;
  deadLetters: Queue<DeadLetter>;
  blobs: Pick<R2Bucket, "delete">;
  logger: Logger;
  work(task: TaskWork): Promise<TaskOutcome>;
}

/** A claimed task is kept alive this often; the object's lease is longer than two of these. */
const heartbeatMs = 2000;

/** Tasks of one batch that are worked on at a time; as many as a batch has at most (wrangler.toml). */
const concurrency = 10;

/** Consumes a batch of tasks side by side; no message can hold up or break another. */
export async function consumeTasks(batch: MessageBatch<unknown>, consumer: Consumer): Promise<void> {
  await sideBySide(batch.messages, concurrency, async (message) => {
    try {
      await consumeOne(batch.queue, message, consumer);
      message.ack();
    } catch (error) {
      consumer.logger.error("task message failed; it is delivered again", {
        queue: batch.queue,
        ...errorFields(error),
      });
      message.retry({ delaySeconds: 2 ** Math.min(message.attempts, 6) });
    }
  });
}

/** Every message that comes back from here is done with: what was not finished is sent again by the tenant object. */
async function consumeOne(queue: string, message: Message<unknown>, consumer: Consumer): Promise<void> {
  const parsed = taskEnvelopeSchema.safeParse(message.body);
  if (!parsed.success) {
    const reason = `Malformed task message: ${z.prettifyError(parsed.error)}`;
    await consumer.deadLetters.send(deadLetter(queue, message.body, reason, Date.now()));
    return;
  }
  const envelope = parsed.data;
  const { task_id, attempt, correlation_id, client_id, request_id, traceparent } = envelope;
  const logger = consumer.logger.with({
    task_id,
    attempt,
    correlation_id,
    client_id,
    request_id,
    traceparent,
  });
  const tenant = () => consumer.workflowsOf(client_id, correlation_id);
  const claim = await tenant().claimTask(task_id, attempt);
  if (!claim.ok) {
    logger.debug("task not claimed", { reason: claim.message });
    return;
  }
  await carryOut(claim.value, { tenant, logger }, consumer);
  await forgetPayload(envelope, consumer);
}

async function carryOut(assignment: TaskAssignment, desk: Desk, consumer: Consumer): Promise<void> {
  const { taskId, attempt, deadline } = assignment;
  const { logger } = desk;
  const tenant = desk.tenant();
  const meter = new UsageMeter(Date.now());
  const signal = AbortSignal.timeout(Math.max(1, deadline - Date.now()));
  const heartbeat = setInterval(() => {
    desk
      .tenant()
      .renewTask(taskId, attempt)
      .catch((error) => logger.warn("heartbeat failed", errorFields(error)));
  }, heartbeatMs);
  const pending: Promise<unknown>[] = [];
  const background = (work: Promise<unknown>): void => void pending.push(work);
  try {
    const work = await done(() => consumer.work({ assignment, tenant, signal, logger, meter, background }));
    const usage = meter.usage(Date.now());
    if (!work.ok) return await reportTrouble(desk, assignment, work.error, usage);
    await reportOutcome(desk, assignment, { ...work.outcome, usage });
  } finally {
    clearInterval(heartbeat);
    await Promise.allSettled(pending);
  }
}

type Done = { ok: true; outcome: TaskOutcome } | { ok: false; error: unknown };

/** Keeps a failure of the work apart from one of its report: a finished task is never reported as failed. */
async function done(work: () => Promise<TaskOutcome>): Promise<Done> {
  try {
    return { ok: true, outcome: await work() };
  } catch (error) {
    return { ok: false, error };
  }
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
