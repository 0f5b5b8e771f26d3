import type { RunStatus, RunView } from "#src/engine/run-view.ts";
import type { AgentRoute, StartRun } from "#src/engine/start-run.ts";
import type { TaskAddress, TaskCompletion, TaskFailure } from "#src/engine/task-report.ts";
import type { EventLog } from "#src/events/event-log.ts";
import type { PlatformEvent } from "#src/events/platform-event.ts";
import type { Outcome } from "#src/kernel/outcome.ts";
import type { RequestKey } from "#src/kernel/request-key.ts";
import type { CopyReceipt, RunCopy } from "./platform-message.ts";

export interface StartedRun {
  correlationId: string;
  status: RunStatus;
  /** False when an earlier call with the same idempotency key made the run. */
  created: boolean;
}

/** What a person says to a step that waits for one. */
export interface RunAnswer {
  approved: boolean;
  /** Any JSON; it stays what it is. */
  feedback?: unknown;
  userId: string;
  /** The step that is answered. */
  step?: string;
  /** The caller's `Idempotency-Key`, if there is one. */
  idempotency?: RequestKey | null;
}

/** A run after somebody has answered or ended it. */
export interface DecidedRun {
  status: RunStatus;
  /** Whether it was decided by an earlier call with the same key, and this is what came of that. */
  replayed: boolean;
}

/** A caller's reach: their own runs, or the whole tenant for admins and moderators. */
export type RunScope = { userId: string } | "tenant";

/** What a claimed task is about; authoritative where the envelope says otherwise. */
export interface TaskAssignment {
  taskId: string;
  correlationId: string;
  clientId: string;
  userId: string;
  instanceId: string | null;
  stepName: string;
  action: string;
  topic: string;
  /** Rendered input of the task. */
  input: Record<string, unknown>;
  /** Instance config. */
  config: Record<string, unknown>;
  /** The agent definition behind the topic, if any. */
  agent: (AgentRoute & { type: string }) | null;
  /** Memories that match the input, best first; empty unless memory is enabled. */
  memories: readonly string[];
  attempt: number;
  /** Epoch milliseconds; the work must be reported by then. */
  deadline: number;
  /** The same however often an attempt is delivered; sent upstream where the provider takes one. */
  idempotencyKey: string;
  fuelReserved: number;
  /** The consumer must be heard of this often, or its task goes to another; objects of earlier releases do not say. */
  leaseMs?: number;
}

/** Whether a report changed anything: one for a task that is over, or in an attempt that is, does not. */
export interface TaskReport {
  applied: boolean;
}

export interface CompletionReport extends TaskReport {
  next?: TaskAssignment;
}

/** What a workflow object has to do, and has ignored. */
export interface WorkflowsStatus {
  activeRuns: number;
  /** Tasks that are out. */
  openTasks: number;
  /** Reports that came late, twice, or for an attempt that is over; since the object was made. */
  ignoredReports: number;
}

/**
 * The tenant's workflow object. One per tenant (or per shard of a large one);
 * the only writer of run state and the only sender of tasks and run events.
 */
export interface TenantWorkflowsApi extends EventLog {
  startRun(request: StartRun): Promise<Outcome<StartedRun>>;
  getRun(correlationId: string, scope: RunScope): Promise<Outcome<RunView>>;
  /** Resolves when the run has ended, pauses, or `timeoutMs` have passed; never fails for a timeout. */
  waitForRun(correlationId: string, scope: RunScope, timeoutMs: number): Promise<Outcome<RunView>>;
  resumeRun(
    correlationId: string,
    scope: RunScope,
    /** Without `step`, the only gate that waits is answered; one of a child run is reached through its run. */
    answer: RunAnswer,
  ): Promise<Outcome<DecidedRun>>;
  /** What `resumeRun` or `terminateRun` has answered with this key before; null when it has not. */
  earlierDecision(idempotency: RequestKey): Promise<Outcome<DecidedRun | null>>;
  cancelRun(correlationId: string, scope: RunScope, reason: string): Promise<Outcome<{ status: RunStatus }>>;
  /** Fails the run with `Manually terminated by admin`. */
  terminateRun(
    correlationId: string,
    feedback?: unknown,
    idempotency?: RequestKey | null,
  ): Promise<Outcome<DecidedRun>>;
  /** Cancels the running executions of an instance; returns their ids. */
  cancelRunsOfInstance(instanceId: string, scope: RunScope, reason: string): Promise<string[]>;
  /** Cancels everything that a user's runs still do; returns their ids. */
  cancelRunsOfUser(userId: string, reason: string): Promise<string[]>;
  /**
   * Switches the tenant off (what it executes is cancelled, as much as fits into one call, and nothing begins any
   * more) or on again; returns how many runs go on.
   */
  setTenantActive(active: boolean): Promise<number>;
  /** Sends the unfinished tasks of an instance again; returns how many. */
  redispatchTasksOfInstance(instanceId: string): Promise<number>;
  /** How many memories the object holds, of all instances together. */
  countMemories(): Promise<number>;
  /** How much there is in the object, and how many reports came late or twice. */
  describe(): Promise<WorkflowsStatus>;
  /** Has the object look at its alarm, in case the platform has given it up. */
  wake(): Promise<void>;

  /** Takes the leases of tasks, in their order; refuses one that is finished, cancelled, expired or held by another live attempt. */
  claimTasks(addresses: readonly TaskAddress[]): Promise<Outcome<TaskAssignment>[]>;
  /** Keeps the leases of claimed tasks while their work goes on. */
  renewTasks(addresses: readonly TaskAddress[]): Promise<void>;
  /** Text of a running task, forwarded as `execution.progress`. `index` counts up from 0 within the attempt. */
  reportProgress(taskId: string, attempt: number, progress: { index: number; delta: string }): Promise<void>;
  /**
   * Takes results, in their order; each counts for itself. A consumer that names itself is handed the next task
   * of the run that is its own, already claimed, if there is one: a step after a step then needs no queue in between.
   */
  completeTasks(completions: readonly TaskCompletion[]): Promise<CompletionReport[]>;
  failTask(taskId: string, attempt: number, failure: TaskFailure): Promise<TaskReport>;
  /**
   * Fails a task because its message ended among the dead letters: that of this attempt, or of the present one
   * when the message does not say. Ignored while a consumer works on it, whom another copy has reached.
   * @param retryable whether another attempt may succeed; no unless said
   */
  failDeadTask(taskId: string, reason: string, attempt?: number, retryable?: boolean): Promise<TaskReport>;
  /**
   * Gives a claimed task back unharmed, to be delivered again after `delayMs` (breaker open).
   * @param isFree whether that counts against nobody: another call is finding out about the provider
   */
  deferTask(taskId: string, attempt: number, delayMs: number, isFree?: boolean): Promise<TaskReport>;

  /** Copies of a user's or an instance's runs that the read model does not have yet, the newest first. */
  pendingRuns(of: { userId: string } | { instanceId: string }): Promise<RunCopy[]>;
  /** The read models have these copies: they need not be sent again. */
  confirmCopies(receipts: CopyReceipt[]): Promise<void>;

  /**
   * Log lines after `since` (exclusive) in order; of one run when `entityId` is given. At most `limit`, and at most
   * 248 KiB of them: there may be more after the last one.
   */
  readEvents(query: { since: number; entityId?: string; limit: number }): Promise<{
    events: PlatformEvent[];
    /** The oldest number still kept; a smaller `since` has a gap. */
    oldest: number;
    latest: number;
  }>;
  /** The hub has opened a socket, so events are handed to it from now on; the extent of the log. */
  greetListener(): Promise<{ oldest: number; latest: number }>;
  /** As `readEvents`, but waits up to `timeoutMs` for the first event. */
  waitForEvents(
    query: { since: number; entityId?: string; limit: number },
    timeoutMs: number,
  ): Promise<{ events: PlatformEvent[]; oldest: number; latest: number }>;
  /** Takes over the events of another object of a spread tenant, in order; repeats are harmless. */
  takeOverEvents(source: string, events: PlatformEvent[]): Promise<void>;
}
