import type { ChildUse } from "./child-workflow.ts";
import type { AskedChange, TaskState } from "./run-state.ts";
import type { TaskFailure, TaskResult } from "./task-report.ts";

/** What can happen to a run. */
export type RunEvent =
  | { type: "start" }
  /** A consumer takes these tasks, which are out: their time begins. */
  | { type: "tasks_claimed"; taskIds: readonly string[] }
  | {
      type: "task_completed";
      taskId: string;
      attempt: number;
      result: TaskResult;
      /** Whoever reports takes the first such task that goes out with it. */
      takes?: (task: TaskState) => boolean;
    }
  | { type: "task_failed"; taskId: string; attempt: number; failure: TaskFailure }
  | { type: "task_deferred"; taskId: string; attempt: number; delayMs: number; isFree?: boolean }
  /** A person is to allow a task that is out before it is carried out. */
  | { type: "task_asked"; taskId: string; attempt: number; question: AskedChange & { tool: string } }
  /**
   * The child run behind a task has used something, or holds another amount of fuel; told each time, so that
   * what is charged survives its cancellation.
   */
  | { type: "child_used"; taskId: string; attempt: number; used: ChildUse }
  /** The child run behind a task began or ceased to wait for a person. */
  | { type: "child_waits"; taskId: string; attempt: number; waits: boolean }
  /** Without `step`, the only pause there is is answered. */
  | { type: "answered"; approved: boolean; feedback?: unknown; userId: string; step?: string }
  | { type: "cancel"; reason: string; userId?: string }
  | { type: "terminate"; feedback?: unknown; userId?: string }
  /** Time has passed: retries that are due, deadlines that are over. Tasks that are `untaken` still wait for a consumer. */
  | { type: "tick"; untaken?: ReadonlySet<string> };
