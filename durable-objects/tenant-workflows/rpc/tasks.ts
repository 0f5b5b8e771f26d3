import { z } from "zod";
import {
  deadTaskSchema,
  type TaskAddress,
  type TaskCompletion,
  type TaskFailure,
  taskAddressSchema,
} from "#src/engine/task-report.ts";
import { type Outcome, refusal } from "#src/kernel/outcome.ts";
import { readFailure } from "#src/objects/refused-report.ts";
import type { CompletionReport, TaskAssignment, TaskReport, TasksApi } from "#src/objects/tasks-api.ts";
import { askedFirstIn } from "#src/objects/tool-calls.ts";
import type { Assembly } from "../assemble.ts";

/** What consumers say of tasks; they may be of another release, so each word is checked. */
export class Tasks implements TasksApi {
  readonly #parts: Assembly;

  constructor(parts: Assembly) {
    this.#parts = parts;
  }

  async claimTasks(addresses: readonly TaskAddress[]): Promise<Outcome<TaskAssignment>[]> {
    const { tasks, delivery } = this.#parts;
    const claims = tasks.claimAll(addresses, Date.now());
    // What is claimed by now is told while memories are looked up.
    delivery.deliver(undefined);
    return claims;
  }

  async recallMemories(taskId: string, attempt: number, text: string): Promise<string[]> {
    const { tasks, delivery, handOver } = this.#parts;
    const address = taskAddressSchema.parse([taskId, attempt]);
    const found = await tasks.recall(...address, z.string().parse(text), Date.now());
    handOver.after((work) => delivery.after(work));
    return found;
  }

  async useTool(taskId: string, attempt: number): Promise<Outcome<unknown>> {
    const { tasks, toolCalls, delivery } = this.#parts;
    const address = taskAddressSchema.parse([taskId, attempt]);
    const call = tasks.toolCallOf(...address);
    if (!call) return refusal("CONFLICT", "The task is not open");
    const used = await toolCalls.useTool(call);
    const question = used.ok ? askedFirstIn(used.value) : undefined;
    if (!question) return used;
    const { applied } = delivery.deliver(tasks.ask(...address, question, Date.now()));
    return applied ? used : refusal("CONFLICT", "The task is not open");
  }

  async renewTasks(addresses: readonly TaskAddress[]): Promise<void> {
    const now = Date.now();
    for (const address of taskAddressSchema.array().parse(addresses))
      this.#parts.tasks.renew(...address, now);
  }

  async reportProgress(taskId: string, attempt: number): Promise<void> {
    return this.renewTasks([[taskId, attempt]]);
  }

  async completeTasks(completions: readonly TaskCompletion[]): Promise<CompletionReport[]> {
    const { tasks, delivery, alarm } = this.#parts;
    const now = Date.now();
    // Should one of them break, what the others have caused is not forgotten.
    alarm.guard(now);
    const taken = completions.map((completion) => tasks.take(completion, now));
    delivery.deliver({ applied: taken.some(({ applied }) => applied) });
    return Promise.all(taken.map(({ report }) => report));
  }

  async failTask(taskId: string, attempt: number, failure: TaskFailure): Promise<TaskReport> {
    const { tasks, delivery } = this.#parts;
    const address = taskAddressSchema.parse([taskId, attempt]);
    return delivery.deliver(tasks.fail(...address, readFailure(failure), Date.now()));
  }

  async failDeadTask(
    taskId: string,
    reason: string,
    attempt?: number,
    retryable = false,
  ): Promise<TaskReport> {
    const { tasks, delivery } = this.#parts;
    const letter = deadTaskSchema.parse({ taskId, reason, attempt, retryable });
    return delivery.deliver(tasks.failDead(letter, Date.now()));
  }

  async deferTask(taskId: string, attempt: number, delayMs: number, isFree?: boolean): Promise<TaskReport> {
    const { tasks, delivery } = this.#parts;
    const address = taskAddressSchema.parse([taskId, attempt]);
    return delivery.deliver(tasks.defer(...address, Math.ceil(delayMs), isFree === true, Date.now()));
  }

  async redispatchTasksOfInstance(instanceId: string): Promise<number> {
    const { tasks, delivery } = this.#parts;
    return delivery.deliver(tasks.sendAgain(instanceId, Date.now()));
  }
}
