import { z } from "zod";
import { errorFields, type Logger } from "../observability/logger.ts";
import { BreakerOpenError } from "../providers/guarded-call.ts";
import { ProviderError } from "../providers/provider-error.ts";
import type { TaskResult } from "../workflows/task-report.ts";
import type { TaskAssignment, TenantWorkflowsApi } from "../workflows/tenant-workflows-api.ts";
import type { DeadLetter } from "./dead-letter.ts";
import { type TaskEnvelope, taskEnvelopeSchema } from "./envelope.ts";
import { TaskError } from "./task-error.ts";

/** What carrying out a task needs besides its assignment. */
export interface TaskWork {
  assignment: TaskAssignment;
  tenant: TenantWorkflowsApi;
  /** Aborted at the task's deadline. */
  signal: AbortSignal;
  logger: Logger;
  /** Work that the result need not wait for, but the consumer must: what it leaves behind is cancelled. */
  background(work: Promise<unknown>): void;
}

export interface Consumer {
  workflowsOf(clientId: string, runId: string): TenantWorkflowsApi;
  deadLetters: Queue<DeadLetter>;
  logger: Logger;
  work(task: TaskWork): Promise<TaskResult>;
}

/** A claimed task is kept alive this often; the object's lease is longer than two of these. */
const heartbeatMs = 2000;

/** Consumes a batch of tasks side by side; no message can hold up or break another. */
export async function consumeTasks(batch: MessageBatch<unknown>, consumer: Consumer): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) => {
      try {
        await consumeOne(batch.queue, message, consumer);
      } catch (error) {
        consumer.logger.error("task message failed; it is delivered again", {
          queue: batch.queue,
          ...errorFields(error),
        });
        message.retry();
      }
    }),
  );
}

async function consumeOne(queue: string, message: Message<unknown>, consumer: Consumer): Promise<void> {
  const parsed = taskEnvelopeSchema.safeParse(message.body);
  if (!parsed.success) {
    const reason = `Malformed task message: ${z.prettifyError(parsed.error)}`.slice(0, 2000);
    await consumer.deadLetters.send({
      dead_letter: true,
      reason,
      queue,
      body: message.body,
      failed_at: Date.now(),
    });
    message.ack();
    return;
  }
  const envelope = parsed.data;
  const { task_id, attempt, correlation_id, client_id, request_id } = envelope;
  const logger = consumer.logger.with({ task_id, attempt, correlation_id, client_id, request_id });
  const tenant = consumer.workflowsOf(client_id, correlation_id);
  const claim = await tenant.claimTask(task_id, attempt);
  if (claim.ok) await carryOut(claim.value, envelope, tenant, consumer, logger);
  else logger.debug("task not claimed", { reason: claim.message });
  // Acknowledged in every case: what was not finished is sent again by the tenant object.
  message.ack();
}

async function carryOut(
  assignment: TaskAssignment,
  { task_id, attempt }: TaskEnvelope,
  tenant: TenantWorkflowsApi,
  consumer: Consumer,
  logger: Logger,
): Promise<void> {
  const signal = AbortSignal.timeout(Math.max(1, assignment.deadline - Date.now()));
  const heartbeat = setInterval(() => {
    tenant.renewTask(task_id, attempt).catch((error) => logger.warn("heartbeat failed", errorFields(error)));
  }, heartbeatMs);
  const pending: Promise<unknown>[] = [];
  const background = (work: Promise<unknown>): void => void pending.push(work);
  try {
    const result = await consumer.work({ assignment, tenant, signal, logger, background });
    const { applied } = await tenant.completeTask(task_id, attempt, result);
    if (!applied) logger.info("result came too late");
  } catch (error) {
    await reportFailure(error, assignment, tenant, logger);
  } finally {
    clearInterval(heartbeat);
    await Promise.allSettled(pending);
  }
}

async function reportFailure(
  error: unknown,
  { taskId, attempt }: TaskAssignment,
  tenant: TenantWorkflowsApi,
  logger: Logger,
): Promise<void> {
  if (error instanceof BreakerOpenError) {
    logger.warn("provider suspended; task deferred", { retry_after_ms: error.retryAfterMs });
    await tenant.deferTask(taskId, attempt, error.retryAfterMs);
  } else if (error instanceof TaskError) {
    const { code, message, details } = error;
    await tenant.failTask(taskId, attempt, {
      error: { code, message, details, retryable: false },
      usage: error.usage,
    });
  } else if (error instanceof ProviderError) {
    const { code, message, retryable } = error;
    logger.warn("provider failed", { code, ...errorFields(error.cause ?? error) });
    await tenant.failTask(taskId, attempt, { error: { code, message, retryable } });
  } else {
    logger.error("task failed unexpectedly", errorFields(error));
    const failure = { code: "INTERNAL_ERROR", message: "The task failed unexpectedly", retryable: true };
    await tenant.failTask(taskId, attempt, { error: failure });
  }
}
