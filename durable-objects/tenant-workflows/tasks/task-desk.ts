import { isChildTask } from "#src/engine/child-workflow.ts";
import type { RunEvent } from "#src/engine/run-event.ts";
import type { RunState, TaskState } from "#src/engine/run-state.ts";
import {
  type DeadTask,
  deferralSchema,
  type TaskAddress,
  type TaskCompletion,
  type TaskFailure,
  taskAddressSchema,
  taskCompletionSchema,
} from "#src/engine/task-report.ts";
import { turnOfTask } from "#src/engine/tool-loop/turn-of-task.ts";
import { agentTypeOfTopic } from "#src/engine/topics.ts";
import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import type { Jurisdiction } from "#src/kernel/placement.ts";
import { refusedReport } from "#src/objects/refused-report.ts";
import type { CompletionReport, TaskAssignment, TaskReport } from "#src/objects/tasks-api.ts";
import type { PersonIsAsked, ToolCall } from "#src/objects/tool-calls.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import { wellFormed } from "#src/text/well-formed.ts";
import type { Alarm } from "../alarm.ts";
import type { Audience } from "../delivery/audience.ts";
import type { Marks } from "../marks.ts";
import type { MemoryTasks } from "../memory/memory-tasks.ts";
import type { RunMover } from "../runs/run-mover.ts";
import type { RunStore } from "../runs/run-store.ts";
import { type Found, isOut } from "./found-task.ts";
import { takenWith, takesFor } from "./next-task.ts";
import type { TaskLeases } from "./task-leases.ts";
import { toolCallIn } from "./tool-call.ts";
import type { DueTask } from "./waiting-lines.ts";

interface Parts {
  alarm: Alarm;
  /** Where the object is held to, if anywhere. */
  jurisdiction: Jurisdiction | null;
  audience: Pick<Audience, "hubsOf">;
  runs: RunStore;
  leases: TaskLeases;
  marks: Marks;
  memory: MemoryTasks;
  mover: RunMover;
  logger: Logger;
}

/** Tasks of a run that no consumer has had. */
interface Untaken {
  run: RunState;
  taskIds: Set<string>;
}

/** Where consumers fetch tasks and hand their results in. Times in epoch milliseconds. */
export class TaskDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The tasks to send now. */
  due(now: number, limit: number): DueTask[] {
    return this.#parts.leases.due(now, limit);
  }

  /** Each counts for itself: one that breaks is refused, and sent again when its lease ends. */
  claimAll(addresses: readonly TaskAddress[], now: number): Promise<Outcome<TaskAssignment>[]> {
    const { logger } = this.#parts;
    const begun = new Set<string>();
    for (const untaken of this.#untaken(addresses)) {
      try {
        for (const id of this.#begin(untaken, now)) begun.add(id);
      } catch (error) {
        logger.error("tasks cannot be begun", { run: untaken.run.header.id, ...errorFields(error) });
      }
    }
    return Promise.all(
      addresses.map(async (address) => {
        try {
          return await this.#take(taskAddressSchema.parse(address), begun, now);
        } catch (error) {
          logger.error("a task cannot be claimed", { task_id: address[0], ...errorFields(error) });
          return refusal("INTERNAL_ERROR", "The task cannot be claimed");
        }
      }),
    );
  }

  async claim(taskId: string, attempt: number, now: number): Promise<Outcome<TaskAssignment>> {
    const address: TaskAddress = [taskId, attempt];
    const begun = this.#untaken([address]).flatMap((untaken) => this.#begin(untaken, now));
    return this.#take(address, new Set(begun), now);
  }

  /** The tasks that are out in these attempts and that no consumer has had, by their runs. */
  #untaken(addresses: readonly TaskAddress[]): Untaken[] {
    const runs = new Map<string, Untaken>();
    for (const address of addresses) {
      const { data } = taskAddressSchema.safeParse(address);
      const found = data && this.#findReadable(data);
      if (!found || !this.#parts.leases.isUntaken(found.task.id)) continue;
      const { id } = found.run.header;
      const untaken = runs.get(id) ?? { run: found.run, taskIds: new Set() };
      runs.set(id, { ...untaken, taskIds: untaken.taskIds.add(found.task.id) });
    }
    return [...runs.values()];
  }

  /** As `#findOut`; one whose run cannot be read is left to be refused when it is taken, and keeps no other from its consumer. */
  #findReadable(address: TaskAddress): Found | undefined {
    try {
      return this.#findOut(...address);
    } catch (error) {
      this.#parts.logger.error("a task's run cannot be read", { task_id: address[0], ...errorFields(error) });
      return undefined;
    }
  }

  /** Hands a run's tasks out, all with one event; gives the ids of those that still have time. */
  #begin({ run, taskIds }: Untaken, now: number): string[] {
    const moved = this.#parts.mover.move(run, { type: "tasks_claimed", taskIds: [...taskIds] }, now);
    return [...taskIds].filter((id) => moved?.tasks[id]?.claimedAt === now);
  }

  /** Everything that decides happens before the first `await`. */
  async #take(
    [taskId, attempt]: TaskAddress,
    begun: Set<string>,
    now: number,
  ): Promise<Outcome<TaskAssignment>> {
    const found = this.#findOut(taskId, attempt);
    if (!found) {
      return this.#parts.runs.has(runOfTask(taskId))
        ? refusal("CONFLICT", "The task is not open")
        : refusal("NOT_FOUND", "No such task");
    }
    const { run, task } = found;
    if (task.deadline <= now) return refusal("CONFLICT", "The task has expired");
    // Twice in one call it is had once; one whose consumer has died goes to whoever comes.
    if (!begun.delete(taskId) && !this.#parts.leases.claim(taskId, now))
      return refusal("CONFLICT", "Somebody else works on the task");
    return success(await this.#assignment(run, task, now));
  }

  async #assignment(run: RunState, task: TaskState, now: number): Promise<TaskAssignment> {
    const { header } = run;
    const type = agentTypeOfTopic(task.topic);
    const agent = header.agents[type];
    const turn = turnOfTask(run, task);
    const input = turn?.input ?? task.input;
    return {
      taskId: task.id,
      correlationId: header.id,
      rootId: header.parent?.rootId ?? header.id,
      ...(this.#parts.jurisdiction && { jurisdiction: this.#parts.jurisdiction }),
      hubs: this.#parts.audience.hubsOf(header.userId, now),
      clientId: header.clientId,
      userId: header.userId,
      instanceId: header.instanceId,
      stepName: task.stepName,
      action: task.action,
      topic: task.topic,
      input,
      ...(turn && { transcript: turn.transcript }),
      config: header.config,
      agent: agent ? { ...agent, type } : null,
      memories: await this.#parts.memory.suited(run, { ...task, input }, now),
      attempt: task.attempt,
      deadline: task.deadline,
      idempotencyKey: `${task.id}:${task.attempt}`,
      fuelReserved: task.fuelReserved,
      leaseMs: this.#parts.leases.leaseMs,
    };
  }

  /** Memories that fit a text, for whoever carries a task out; none of one that is not out. */
  async recall(taskId: string, attempt: number, text: string, now: number): Promise<string[]> {
    const found = this.#findOut(taskId, attempt);
    return found ? this.#parts.memory.fitting(found.run, found.task.topic, text, now) : [];
  }

  /** The call of a tool that a task is; undefined of one that is not out. */
  toolCallOf(taskId: string, attempt: number): ToolCall | undefined {
    const found = this.#findOut(taskId, attempt);
    return found && toolCallIn(found);
  }

  /** A person is to allow the call of a tool before it is carried out. */
  ask(taskId: string, attempt: number, { tool, ...about }: PersonIsAsked, now: number): TaskReport {
    const question = { tool: tool.replaceAll(".", "_"), ...about };
    return this.#report(taskId, { type: "task_asked", taskId, attempt, question }, now);
  }

  renew(taskId: string, attempt: number, now: number): TaskReport {
    if (!this.#findOut(taskId, attempt)) return this.#ignored();
    this.#parts.leases.renew(taskId, now);
    return { applied: true };
  }

  /**
   * Takes a result. The report's next task is the one of the run that has gone out with it and is this
   * consumer's, claimed before the delivery can see it; the assignment itself may have to look memories up.
   */
  complete(
    { taskId, attempt, result, consumer }: TaskCompletion,
    now: number,
  ): TaskReport & { report: Promise<CompletionReport> } {
    const found = this.#find(taskId);
    const takes = consumer && found && takesFor(consumer, found.run);
    const event: RunEvent = { type: "task_completed", taskId, attempt, result, takes };
    const moved = found && this.#parts.mover.move(found.run, event, now);
    const applied = moved ? { applied: true } : this.#ignored();
    const next = moved && takes && takenWith(found.run, moved);
    if (!next) return { ...applied, report: Promise.resolve(applied) };
    const report = this.#assignment(moved, next, now).then((next) => ({ ...applied, next }));
    return { ...applied, report };
  }

  /** Carries out a memory task that has waited for its turn, if it is still wanted. */
  performHere(taskId: string, attempt: number, now: number): TaskReport {
    const found = this.#findOut(taskId, attempt);
    const moved = found && this.#parts.mover.perform(found.run, found.task, now);
    return moved ? { applied: true } : this.#ignored();
  }

  /** As `complete`; a result that its schema refuses ends its task, and touches no other's. */
  take(completion: TaskCompletion, now: number): TaskReport & { report: Promise<CompletionReport> } {
    const { data, error } = taskCompletionSchema.safeParse(wellFormed(completion));
    if (data) return this.complete(data, now);
    const address = taskAddressSchema.parse([completion.taskId, completion.attempt]);
    const taken = this.fail(...address, refusedReport(error, completion), now);
    return { ...taken, report: Promise.resolve(taken) };
  }

  fail(taskId: string, attempt: number, failure: TaskFailure, now: number): TaskReport {
    return this.#report(taskId, { type: "task_failed", taskId, attempt, failure: wellFormed(failure) }, now);
  }

  /** Without the attempt, which a broken message may lack, the present one is meant. */
  failDead({ taskId, attempt: given, reason, retryable }: DeadTask, now: number): TaskReport {
    // Somebody works on it after all: another copy of the message has arrived.
    if (this.#parts.leases.isHeld(taskId, now)) return this.#ignored();
    const attempt = given ?? this.#find(taskId)?.task.attempt ?? 0;
    const message = "The task's message could not be processed";
    return this.fail(
      taskId,
      attempt,
      { error: { code: "DEAD_LETTER", message, details: { reason }, retryable } },
      now,
    );
  }

  defer(taskId: string, attempt: number, delayMs: number, isFree: boolean, now: number): TaskReport {
    const { error } = deferralSchema.safeParse(delayMs);
    if (error) return this.fail(taskId, attempt, refusedReport(error, undefined), now);
    const report = this.#report(taskId, { type: "task_deferred", taskId, attempt, delayMs, isFree }, now);
    if (this.#findOut(taskId, attempt)) {
      this.#parts.leases.release(taskId, now + delayMs);
      this.#parts.alarm.expect(now + delayMs, now);
    }
    return report;
  }

  /** Makes the unfinished tasks of an instance due at once; returns how many. */
  sendAgain(instanceId: string, now: number): number {
    const { runs, leases } = this.#parts;
    const all = runs.activeRunsOf(instanceId).flatMap((id) => [id, ...runs.descendantsOf(id)]);
    return all.reduce((total, id) => total + leases.sendAgain(id, now), 0);
  }

  /** The task and its run, if it is out at all; of a run that is not in memory its row is asked first: a late report loads none. */
  #find(taskId: string): Found | undefined {
    const { runs, leases } = this.#parts;
    const known = runs.inMemory(runOfTask(taskId));
    const runId = known ? undefined : leases.runOfOpen(taskId);
    const run = known ?? (runId === undefined ? undefined : runs.load(runId));
    const task = run?.tasks[taskId];
    return run && task && !isChildTask(task) ? { run, task } : undefined;
  }

  /** The task, if it is out in this attempt. */
  #findOut(taskId: string, attempt: number): Found | undefined {
    const found = this.#find(taskId);
    return found && isOut(found, attempt) ? found : undefined;
  }

  #report(taskId: string, event: RunEvent, now: number): TaskReport {
    const found = this.#find(taskId);
    return found && this.#parts.mover.move(found.run, event, now) ? { applied: true } : this.#ignored();
  }

  #ignored(): TaskReport {
    this.#parts.marks.count("ignored_reports");
    return { applied: false };
  }
}

/** Ids of tasks begin with their run's. */
const runOfTask = (taskId: string): string => taskId.split(".")[0] ?? "";
