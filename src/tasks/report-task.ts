import { ExponentialBackoff, handleAll, retry } from "cockatiel";
import { TaskError } from "#src/engine/task-error.ts";
import { maxDeferralMs, type TaskFailure, type TaskResult, type TaskUsage } from "#src/engine/task-report.ts";
import type { TaskConsumer } from "#src/engine/topics.ts";
import { readFailure } from "#src/objects/refused-report.ts";
import type { TaskAssignment, TasksApi } from "#src/objects/tasks-api.ts";
import type { LogFields, Logger } from "#src/observability/logger.ts";
import type { Metrics } from "#src/observability/metrics/metrics.ts";
import { redacted, redactedErrorFields } from "#src/observability/redaction.ts";
import type { TraceContext } from "#src/observability/trace-context.ts";
import { CallPostponedError, ProviderError } from "#src/providers/index.ts";
import type { GatheredReports } from "./gathered-reports.ts";
import type { Heartbeat } from "./heartbeat.ts";
import { TaskAskedError } from "./task-asked-error.ts";

/** A result is paid for: its report is repeated while the tenant object restarts. Reports are idempotent. */
const stubbornly = () =>
  retry(handleAll, {
    maxAttempts: 4,
    backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 2000 }),
  });

export interface Desk {
  /** Which Worker reports: the next task is handed to it only if it is its own. */
  consumer: TaskConsumer;
  /** Where results are handed in. */
  reports: GatheredReports;
  /** Keeps the lease of what is worked on. */
  heartbeat: Heartbeat;
  /** A fresh stub each time: one that has failed once stays broken. */
  tenant(): TasksApi;
  logger: Logger;
  /** Where what becomes of tasks is counted. */
  metrics: Metrics;
}

/** A desk for the tasks of one run. */
export interface RunDesk extends Desk {
  /** The trace that they are part of. */
  trace: TraceContext;
}

/**
 * Hands in a task's result. One that the tenant object does not take, however
 * often it is offered, fails the task: delivered again it would only be paid for again.
 * @param takesNext whether the next task of the run is wanted
 * @returns the next task, claimed, when there is one for this Worker
 */
export async function reportOutcome(
  desk: Desk,
  assignment: TaskAssignment,
  result: TaskResult,
  takesNext: boolean,
): Promise<TaskAssignment | undefined> {
  const { reports, logger } = desk;
  const { taskId, attempt } = assignment;
  const consumer = takesNext ? desk.consumer : undefined;
  try {
    const { applied, next } = await stubbornly().execute(() =>
      reports.complete({ taskId, attempt, result, consumer }),
    );
    if (!applied) logger.info("result came too late");
    return next;
  } catch (error) {
    await reportTrouble(desk, assignment, error, result.usage);
    return undefined;
  }
}

/** Tells why a task did not succeed, or gives it back unharmed when its provider cannot be called for now. */
export async function reportTrouble(
  { tenant, logger }: Desk,
  assignment: TaskAssignment,
  error: unknown,
  usage: TaskUsage,
): Promise<void> {
  const { taskId, attempt } = assignment;
  if (error instanceof TaskAskedError) return;
  if (error instanceof CallPostponedError) {
    // Spread out, so that not all of them come back in the same moment.
    const spread = error.retryAfterMs * (1 + Math.random() / 5);
    const delayMs = Math.min(Math.ceil(spread), maxDeferralMs);
    logger.warn("task deferred", { delay_ms: delayMs, reason: error.message });
    await stubbornly().execute(() => tenant().deferTask(taskId, attempt, delayMs, error.isFree));
    return;
  }
  const failure = readFailure({ error: failureOf(error), usage });
  const fields = troubleFields(error, assignment);
  if (failure.error.code === "INTERNAL_ERROR") logger.error("task failed unexpectedly", fields);
  else logger.warn("task failed", { code: failure.error.code, ...fields });
  await stubbornly().execute(() => tenant().failTask(taskId, attempt, failure));
}

/** What is worth logging of why a task failed: nobody's words as they are, neither a provider's nor the run's. */
function troubleFields(error: unknown, { input, config, memories, agent }: TaskAssignment): LogFields {
  const notToBeTold = { data: [input, config, memories, agent?.defaultConfig] };
  if (!(error instanceof ProviderError)) return redactedErrorFields(error, notToBeTold);
  const { message, answer } = error;
  return {
    error_message: message,
    provider_status: answer.status,
    provider_request_id: answer.requestId,
    ...(answer.words === undefined ? {} : { provider_words: redacted(answer.words, notToBeTold) }),
  };
}

function failureOf(error: unknown): TaskFailure["error"] {
  if (error instanceof TaskError) {
    const { code, message, details, retryable } = error;
    return { code, message, ...(details === undefined ? {} : { details }), retryable };
  }
  if (error instanceof ProviderError) {
    const { code, message, retryable } = error;
    // The next attempt, if there is one, comes no earlier than the provider asked.
    const retryAfterMs = error.retryAfterMs && Math.min(error.retryAfterMs, maxDeferralMs);
    return { code, message, retryable, retryAfterMs };
  }
  return { code: "INTERNAL_ERROR", message: "The task failed unexpectedly", retryable: true };
}
