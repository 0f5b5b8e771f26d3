import { ExponentialBackoff, handleAll, retry } from "cockatiel";
import { errorFields, type Logger } from "../observability/logger.ts";
import { CallPostponedError } from "../providers/guarded-call.ts";
import { ProviderError } from "../providers/provider-error.ts";
import type { TaskFailure, TaskResult, TaskUsage } from "../workflows/task-report.ts";
import type { TaskAssignment, TenantWorkflowsApi } from "../workflows/tenant-workflows-api.ts";
import type { GatheredReports } from "./gathered-reports.ts";
import type { Heartbeat } from "./heartbeat.ts";
import { TaskError } from "./task-error.ts";
import type { TaskConsumer } from "./topics.ts";

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
  tenant(): TenantWorkflowsApi;
  logger: Logger;
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
  { taskId, attempt }: TaskAssignment,
  error: unknown,
  usage: TaskUsage,
): Promise<void> {
  if (error instanceof CallPostponedError) {
    // Spread out, so that not all of them come back in the same moment.
    const delayMs = Math.ceil(error.retryAfterMs * (1 + Math.random() / 5));
    logger.warn("task deferred", { delay_ms: delayMs, reason: error.message });
    await stubbornly().execute(() => tenant().deferTask(taskId, attempt, delayMs));
    return;
  }
  const failure = failureOf(error);
  if (failure.code === "INTERNAL_ERROR") logger.error("task failed unexpectedly", errorFields(error));
  else logger.warn("task failed", { code: failure.code, ...causeFields(error) });
  await stubbornly().execute(() => tenant().failTask(taskId, attempt, { error: failure, usage }));
}

const causeFields = (error: unknown) => errorFields(error instanceof Error ? (error.cause ?? error) : error);

function failureOf(error: unknown): TaskFailure["error"] {
  if (error instanceof TaskError) {
    const { code, message, details, retryable } = error;
    return { code, message, ...(details === undefined ? {} : { details }), retryable };
  }
  if (error instanceof ProviderError) {
    const { code, message, retryable } = error;
    return { code, message, retryable };
  }
  return { code: "INTERNAL_ERROR", message: "The task failed unexpectedly", retryable: true };
}
