import type { RunStatus, RunView } from "#src/engine/run-view.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import type { TaskPage, TaskQuery, TaskView } from "#src/engine/task-view.ts";
import type { AskedGate } from "#src/engine/waiting.ts";
import type { Actor } from "#src/kernel/actor.ts";
import type { Outcome } from "#src/kernel/outcome.ts";
import type { RequestKey } from "#src/kernel/request-key.ts";
import type { HistoryPage } from "./history-api.ts";
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
  /** What they may: a call of a tool may need a permission of whoever allows it. Nothing unless it is said. */
  rights?: Pick<Actor, "role" | "permissions">;
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

/** A gate as a list tells it. */
export interface ListedGate extends AskedGate {
  /** Whether its `review` is null because it is too large for a list. */
  isReviewLeftOut: boolean;
}

/** A run that waits for people, and what it asks them. */
export interface WaitingRun {
  run: RunCopy;
  gates: ListedGate[];
}

export interface WaitingRuns {
  /** The newest first, one more than the limit when there are more. */
  runs: WaitingRun[];
  /** How many runs wait in all, counting no further than a thousand. */
  waiting: number;
}

/** A caller's reach: their own runs, or the whole tenant for admins and moderators. */
export type RunScope = { userId: string } | "tenant";

/** The tenant's runs. Their object is the only writer of their state. */
export interface RunsApi {
  startRun(request: StartRun): Promise<Outcome<StartedRun>>;
  getRun(correlationId: string, scope: RunScope): Promise<Outcome<RunView>>;
  /** A page of a run's tasks, in the order in which they were made. */
  listTasks(correlationId: string, scope: RunScope, query: TaskQuery): Promise<Outcome<TaskPage>>;
  /** One task of a run, with what it was given and gave. */
  getTask(correlationId: string, scope: RunScope, taskId: string): Promise<Outcome<TaskView>>;
  /** Runs of a user that wait for a person, of all personas or of one; how many wait is told of all. */
  waitingRuns(userId: string, page: HistoryPage, instanceId?: string): Promise<WaitingRuns>;
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
  /** @param userId who does it */
  cancelRun(
    correlationId: string,
    scope: RunScope,
    reason: string,
    userId?: string,
  ): Promise<Outcome<{ status: RunStatus }>>;
  /** Fails the run with `Manually terminated by admin`. */
  terminateRun(
    correlationId: string,
    feedback?: unknown,
    idempotency?: RequestKey | null,
    userId?: string,
  ): Promise<Outcome<DecidedRun>>;
  /** Cancels the running executions of an instance; returns their ids. */
  cancelRunsOfInstance(
    instanceId: string,
    scope: RunScope,
    reason: string,
    userId?: string,
  ): Promise<string[]>;
  /** Cancels everything that a user's runs still do; returns their ids. */
  cancelRunsOfUser(userId: string, reason: string): Promise<string[]>;
  /**
   * Erases runs of a conversation that was erased, with what they were given and gave, wherever it is by now; as many as
   * fit into one call. Repeats are harmless.
   * @returns whether there is more
   */
  eraseRunsOf(conversationId: string): Promise<{ isMore: boolean }>;
  /**
   * Switches the tenant off (what it executes is cancelled, as much as fits into one call, and nothing begins any
   * more) or on again; returns how many runs go on.
   */
  setTenantActive(active: boolean): Promise<number>;

  /** Copies of a user's or an instance's runs that the read model does not have yet, the newest first. */
  pendingRuns(of: { userId: string } | { instanceId: string }): Promise<RunCopy[]>;
  /** The read models have these copies: they need not be sent again. */
  confirmCopies(receipts: CopyReceipt[]): Promise<void>;
}
