import { type Outcome, refusal, success } from "../../src/http/outcome.ts";
import { agentTypeOfTopic } from "../../src/messaging/topics.ts";
import type { RunEvent } from "../../src/workflows/engine.ts";
import { jsonBytes, limits } from "../../src/workflows/limits.ts";
import type { RunState, TaskState } from "../../src/workflows/run-state.ts";
import type { TaskFailure, TaskResult } from "../../src/workflows/task-report.ts";
import type { TaskAssignment, TaskReport } from "../../src/workflows/tenant-workflows-api.ts";
import type { EventLog } from "./event-log.ts";
import { memoriesFor } from "./local-tasks.ts";
import type { MemoryStore } from "./memory-store.ts";
import type { RunMover } from "./run-mover.ts";
import type { RunStore } from "./run-store.ts";
import type { TaskLeases } from "./task-leases.ts";

interface Parts {
  runs: RunStore;
  leases: TaskLeases;
  log: EventLog;
  memory: MemoryStore;
  mover: RunMover;
}

/** Where consumers fetch tasks and hand their results in. Times in epoch milliseconds. */
export class TaskDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  claim(taskId: string, attempt: number, now: number): Outcome<TaskAssignment> {
    const found = this.#find(taskId);
    if (!found) return refusal("NOT_FOUND", "No such task");
    const { run, task } = found;
    if (task.status !== "dispatched" || task.attempt !== attempt)
      return refusal("CONFLICT", "The task is not open");
    if (task.deadline <= now) return refusal("CONFLICT", "The task has expired");
    if (!this.#parts.leases.claim(taskId, now)) return refusal("CONFLICT", "Somebody else works on the task");
    const { header } = run;
    const type = agentTypeOfTopic(task.topic);
    const agent = header.agents[type];
    return success({
      taskId,
      correlationId: header.id,
      clientId: header.clientId,
      userId: header.userId,
      instanceId: header.instanceId,
      stepName: task.stepName,
      action: task.action,
      topic: task.topic,
      input: task.input,
      config: header.config,
      agent: agent ? { ...agent, type } : null,
      memories: memoriesFor(run, task, this.#parts.memory, now),
      attempt,
      deadline: task.deadline,
      idempotencyKey: `${taskId}:${attempt}`,
      fuelReserved: task.fuelReserved,
    });
  }

  renew(taskId: string, attempt: number, now: number): TaskReport {
    if (!this.#findOut(taskId, attempt)) return { applied: false };
    this.#parts.leases.renew(taskId, now);
    return { applied: true };
  }

  progress(
    taskId: string,
    attempt: number,
    { index, delta }: { index: number; delta: string },
    now: number,
  ): TaskReport {
    const found = this.#findOut(taskId, attempt);
    if (!found) return { applied: false };
    const { header } = found.run;
    const data = {
      correlation_id: header.id,
      instance_id: header.instanceId,
      step: found.task.stepName,
      task_id: taskId,
      attempt,
      index,
      delta: delta.slice(0, limits.deltaCharacters),
    };
    const entry = { event: "execution.progress", entity_id: header.id, owner_user_id: header.userId, data };
    this.#parts.log.append(entry, now);
    this.#parts.leases.renew(taskId, now);
    return { applied: true };
  }

  complete(taskId: string, attempt: number, result: TaskResult, now: number): TaskReport {
    if (jsonBytes(result.output) <= limits.outputBytes) {
      if (result.rest) this.progress(taskId, attempt, result.rest, now);
      return this.#report(taskId, { type: "task_completed", taskId, attempt, result }, now);
    }
    const error = { code: "PAYLOAD_TOO_LARGE", message: "The task's output is too large", retryable: false };
    return this.fail(taskId, attempt, { error, usage: result.usage }, now);
  }

  fail(taskId: string, attempt: number, failure: TaskFailure, now: number): TaskReport {
    return this.#report(taskId, { type: "task_failed", taskId, attempt, failure }, now);
  }

  failDead(taskId: string, reason: string, now: number): TaskReport {
    const attempt = this.#find(taskId)?.task.attempt ?? 0;
    const message = "The task's message could not be processed";
    return this.fail(
      taskId,
      attempt,
      { error: { code: "DEAD_LETTER", message, details: { reason }, retryable: false } },
      now,
    );
  }

  defer(taskId: string, attempt: number, delayMs: number, now: number): TaskReport {
    const report = this.#report(taskId, { type: "task_deferred", taskId, attempt, delayMs }, now);
    if (this.#findOut(taskId, attempt)) this.#parts.leases.release(taskId, now + delayMs);
    return report;
  }

  #find(taskId: string): { run: RunState; task: TaskState } | undefined {
    const { runs, leases } = this.#parts;
    const runId = leases.runOf(taskId);
    const run = runId === undefined ? undefined : runs.load(runId);
    const task = run?.tasks[taskId];
    return run && task && { run, task };
  }

  /** The task, if it is out in this attempt. */
  #findOut(taskId: string, attempt: number): { run: RunState; task: TaskState } | undefined {
    const found = this.#find(taskId);
    return found?.task.status === "dispatched" && found.task.attempt === attempt ? found : undefined;
  }

  #report(taskId: string, event: RunEvent, now: number): TaskReport {
    const found = this.#find(taskId);
    return { applied: found !== undefined && this.#parts.mover.move(found.run, event, now) !== undefined };
  }
}
