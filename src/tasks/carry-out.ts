import type { TaskResult } from "#src/engine/task-report.ts";
import type { TaskAssignment, TasksApi } from "#src/objects/tasks-api.ts";
import { spanOfAttempt } from "#src/objects/trace-projection.ts";
import type { Logger } from "#src/observability/logger.ts";
import { CallPostponedError, type CallWatch } from "#src/providers/index.ts";
import { type AttemptStatus, countAttempt, countReceived } from "./count-attempt.ts";
import { type RunDesk, reportOutcome, reportTrouble } from "./report-task.ts";
import { TaskAskedError } from "./task-asked-error.ts";
import { TaskCalls } from "./task-calls.ts";
import { UsageMeter } from "./usage-meter.ts";

/** What carrying out a task needs besides its assignment. */
export interface TaskWork {
  assignment: TaskAssignment;
  tenant: TasksApi;
  /** Aborted at the task's deadline. */
  signal: AbortSignal;
  logger: Logger;
  /** Where the work notes what its calls cost. */
  meter: UsageMeter;
  /** Who watches its calls. */
  calls: CallWatch;
  /** Work that the result need not wait for, but the consumer must: what it leaves behind is cancelled. */
  background(work: Promise<unknown>): void;
}

/** What work gives; what it cost is on its meter. */
export type TaskOutcome = Omit<TaskResult, "usage">;

export type Work = (task: TaskWork) => Promise<TaskOutcome>;

/**
 * Does a claimed task and reports what came of it, whatever it is.
 * @param takesNext whether the next task of the run is wanted, asked when this one is done
 * @returns the next task, claimed, when there is one
 */
export async function carryOut(
  desk: RunDesk,
  assignment: TaskAssignment,
  work: Work,
  takesNext: () => boolean,
): Promise<TaskAssignment | undefined> {
  const { taskId, attempt, leaseMs } = assignment;
  const pending: Promise<unknown>[] = [];
  const background = (left: Promise<unknown>): void => void pending.push(left);
  return desk.heartbeat.during([taskId, attempt], leaseMs, async () => {
    try {
      return await carriedOut(desk, assignment, work, background, takesNext);
    } finally {
      await Promise.allSettled(pending);
    }
  });
}

async function carriedOut(
  desk: RunDesk,
  assignment: TaskAssignment,
  work: Work,
  background: TaskWork["background"],
  takesNext: () => boolean,
): Promise<TaskAssignment | undefined> {
  const { logger, metrics } = desk;
  const tenant = desk.tenant();
  const meter = new UsageMeter(Date.now());
  const { taskId, attempt } = assignment;
  const calls = new TaskCalls({ ...desk.trace, spanId: spanOfAttempt(taskId, attempt) }, meter, metrics);
  const signal = AbortSignal.timeout(Math.max(1, assignment.deadline - Date.now()));
  countReceived(metrics, assignment);
  const done = await attempted(() => work({ assignment, tenant, signal, logger, meter, calls, background }));
  const usage = meter.usage(Date.now());
  countAttempt(metrics, assignment, { status: statusOf(done), usage });
  if (done.ok) return reportOutcome(desk, assignment, { ...done.outcome, usage }, takesNext());
  await reportTrouble(desk, assignment, done.error, usage);
  return undefined;
}

type Done = { ok: true; outcome: TaskOutcome } | { ok: false; error: unknown };

const statusOf = (done: Done): AttemptStatus => {
  if (done.ok) return "completed";
  return done.error instanceof CallPostponedError || done.error instanceof TaskAskedError
    ? "deferred"
    : "failed";
};

/** Keeps a failure of the work apart from one of its report: a finished task is never reported as failed. */
async function attempted(work: () => Promise<TaskOutcome>): Promise<Done> {
  try {
    return { ok: true, outcome: await work() };
  } catch (error) {
    return { ok: false, error };
  }
}
