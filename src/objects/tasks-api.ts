import type { AgentRoute } from "#src/engine/start-run.ts";
import type { TaskAddress, TaskCompletion, TaskFailure } from "#src/engine/task-report.ts";
import type { Transcript } from "#src/engine/tool-loop/transcript.ts";
import type { Outcome } from "#src/kernel/outcome.ts";
import type { Jurisdiction } from "#src/kernel/placement.ts";

/** What a claimed task is about; authoritative where the envelope says otherwise. */
export interface TaskAssignment {
  taskId: string;
  correlationId: string;
  /** The run above all, of which its owner sees events; objects of earlier releases do not say. */
  rootId?: string;
  /** The hubs of the tenant at which its owner and who hears of others may listen; objects of earlier releases do not say. */
  hubs?: number[];
  /** Where the tenant's objects are held to, if anywhere. */
  jurisdiction?: Jurisdiction;
  clientId: string;
  userId: string;
  instanceId: string | null;
  stepName: string;
  action: string;
  topic: string;
  /** Rendered input of the task; of a turn in a step of rounds that of its step. */
  input: Record<string, unknown>;
  /** Of such a turn: the tools there are, and the turns before it. */
  transcript?: Transcript;
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

/** The tasks of the tenant's runs: where consumers fetch them and hand their results in. */
export interface TasksApi {
  /** Takes the leases of tasks, in their order; refuses one that is finished, cancelled, expired or held by another live attempt. */
  claimTasks(addresses: readonly TaskAddress[]): Promise<Outcome<TaskAssignment>[]>;
  /**
   * Memories that fit a text, best first, for whoever carries a task out: what the run's own person may be told, and
   * nothing where memory is not enabled or the task is not out any more.
   */
  recallMemories(taskId: string, attempt: number, text: string): Promise<string[]>;
  /**
   * Has a call of the shop's tools done, which is a task that is out in this attempt; done again it is done once.
   * Objects of the release before have no such tools.
   */
  useTool(taskId: string, attempt: number): Promise<Outcome<unknown>>;
  /** Keeps the leases of claimed tasks while their work goes on. */
  renewTasks(addresses: readonly TaskAddress[]): Promise<void>;
  /** Consumers of the release before bring text here, which goes nowhere: it only keeps the lease. */
  reportProgress(taskId: string, attempt: number, progress: unknown): Promise<void>;
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
  /** Sends the unfinished tasks of an instance again; returns how many. */
  redispatchTasksOfInstance(instanceId: string): Promise<number>;
}
