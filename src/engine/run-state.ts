import type { AttemptCounts } from "./attempt-counts.ts";
import type { AttemptUsage } from "./attempt-usage.ts";
import type { TextFuel } from "./fuel.ts";
import type { ItemError, RunError, RunStatus, StepStatus, taskStatuses } from "./run-view.ts";
import type { StartRun } from "./start-run.ts";

export interface StepState {
  name: string;
  action: string;
  status: StepStatus;
  /** Whether what comes after it may run: it completed, was skipped, or failed with `on_error: continue`. */
  passed: boolean;
  /** Order in which steps began, from 0. */
  order: number;
  /** Order in which steps ended, from 0; null until then. */
  ended: number | null;
  startedAt: number;
  completedAt: number | null;
  /** Fuel that the step itself has used, without its tasks. */
  fuel: number;
  output: unknown;
  error: RunError | null;
  /** What went wrong with items or sub-tasks that the step went on without; steps of older runs have none. */
  errors?: readonly ItemError[];
  /** Epoch milliseconds at which a pause gives up. */
  deadline: number | null;
}

export type TaskStatus = (typeof taskStatuses)[number];

export interface TaskState {
  id: string;
  stepName: string;
  /** Name of the sub-task, index of the item, or `main`. */
  key: string;
  action: string;
  topic: string;
  input: Record<string, unknown>;
  status: TaskStatus;
  /** Counts from 1; a retry is a new attempt of the same task. */
  attempt: number;
  /** When it was dispatched; a waiting task: when it will be. */
  notBefore: number;
  /** The attempt must be reported by then, unless it has not even been sent. */
  deadline: number;
  /** Times it was given back because its provider could not be called. */
  deferrals: number;
  /** Whether the child run that carries it out waits for a person. */
  waits: boolean;
  fuelReserved: number;
  fuelSpent: number;
  tokensIn: number;
  tokensOut: number;
  costMicros: number;
  /** Whether part of its usage is our estimate. */
  isUsageEstimated?: boolean;
  output: Record<string, unknown> | null;
  error: RunError | null;
  /** When the present attempt went out; null between two. Tasks of older runs lack this, and all that follows. */
  dispatchedAt?: number | null;
  /** When a consumer first took the present attempt. */
  claimedAt?: number | null;
  /** When it was over. */
  endedAt?: number;
  /** The attempts before the present one: at most one for each retry and each counted deferral. */
  attempts?: readonly TaskAttempt[];
  /** Milliseconds that the present attempt has waited for providers. */
  providerMs?: number;
  /** The model that its provider named last. */
  model?: string;
  /** Bytes of the input, as JSON. */
  inputBytes?: number;
  /** Of a call of a tool that goes out only after a person has allowed it. */
  ask?: ToolQuestion;
}

/** What a call would change, as a person is told who is asked for it. */
export interface AskedChange {
  /** The permission that whoever allows it needs; null for none. */
  needs: string | null;
  /** How what it is about stands, and how it would stand. */
  before: Readonly<Record<string, unknown>>;
  after: Readonly<Record<string, unknown>>;
}

/** What a person is asked before a tool is used. */
export interface ToolQuestion extends Partial<AskedChange> {
  /** As the model calls it. */
  tool: string;
  since: number;
  /** Epoch milliseconds after which nobody's answer is awaited. */
  until: number;
  answer: { approved: boolean; feedback: unknown; answeredBy: string | null } | null;
}

/** Whether a task waits for a person to allow it. */
export const isAsked = ({ status, ask }: TaskState): boolean => status === "queued" && ask?.answer === null;

/** An attempt of a task that another one followed. Times in epoch milliseconds. */
export interface TaskAttempt {
  attempt: number;
  dispatchedAt: number;
  /** When a consumer first took it; null when none has. */
  claimedAt: number | null;
  endedAt: number;
  /** Milliseconds that it has waited for providers. */
  providerMs?: number;
  /** Why it failed; null when its task was given back unharmed, because its provider could not be called. */
  error: RunError | null;
  /** Milliseconds until the next one. */
  delayMs: number;
}

/** Whether a task has just gone out: for the first time, or in another attempt. */
export const goesOut = (before: TaskState | undefined, { status, attempt }: TaskState): boolean =>
  status === "dispatched" && (before?.status !== "dispatched" || before.attempt !== attempt);

/** Where a child run belongs: the task of another run that waits for it. */
export interface ParentTask {
  runId: string;
  taskId: string;
  attempt: number;
  /** The run that no other waits for; its watchers see the child's events. */
  rootId: string;
  /** Name of the workflow that the child carries out. */
  workflow: string;
  /** 1 for a child of a run that is not one itself. */
  depth: number;
}

/** What never changes about a run. */
export type RunHeader = Omit<StartRun, "idempotency" | "content"> & {
  id: string;
  createdAt: number;
  /** Null for a run that somebody asked for. */
  parent: ParentTask | null;
  /** What its texts cost by their models, as the model table had it when it began. */
  textFuel?: TextFuel;
};

/** The whole state of a run. Immutable: the engine makes a new one of each event. */
export interface RunState {
  header: RunHeader;
  status: RunStatus;
  /** Counts applied events; a read model keeps the copy with the highest. */
  revision: number;
  fuel: { budget: number; reserved: number; spent: number };
  /** Bytes of all outputs, as JSON. */
  dataBytes: number;
  /** Bytes of the inputs of all tasks, as JSON; runs that began before these were counted have none. */
  inputBytes?: number;
  /** What its templates and conditions have done so far (`ExpressionBudget`). */
  expressionWork?: number;
  /** Finished attempts of its tasks and of its child runs'; those of releases before are not in it, they were told. */
  counted?: AttemptCounts;
  /** What those attempts have used; those of releases before are not in it. */
  used?: AttemptUsage;
  steps: Readonly<Record<string, StepState>>;
  tasks: Readonly<Record<string, TaskState>>;
  /** Data that came from outside the steps: `human_feedback`. */
  extra: Readonly<Record<string, unknown>>;
  result: unknown;
  error: RunError | null;
  /** Set while a failing run undoes what it did: why it fails, and the steps still to undo, next one first. */
  undoing: { error: RunError; remaining: readonly string[] } | null;
  updatedAt: number;
  completedAt: number | null;
}

export const finalStatuses: readonly RunStatus[] = ["completed", "failed", "cancelled"];

export const isFinished = ({ status }: Pick<RunState, "status">): boolean => finalStatuses.includes(status);

/** Before the first event. */
export const newRun = (header: RunHeader): RunState => ({
  header,
  status: "pending",
  revision: 0,
  fuel: { budget: header.fuelBudget, reserved: 0, spent: 0 },
  dataBytes: 0,
  steps: {},
  tasks: {},
  extra: {},
  result: null,
  error: null,
  undoing: null,
  updatedAt: header.createdAt,
  completedAt: null,
});
