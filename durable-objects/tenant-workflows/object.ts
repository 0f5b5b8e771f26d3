import { DurableObject } from "cloudflare:workers";
import { type Outcome, refusal, success } from "../../src/http/outcome.ts";
import type { Memory, MemoryQuery, NewMemory, RankedMemory } from "../../src/memory/memory.ts";
import type { TenantMemoryApi } from "../../src/memory/tenant-memory-api.ts";
import type { TaskConsumer } from "../../src/messaging/topics.ts";
import type { PlatformEvent } from "../../src/realtime/platform-event.ts";
import { viewOf } from "../../src/workflows/run-projection.ts";
import { isFinished } from "../../src/workflows/run-state.ts";
import type { RunStatus, RunView } from "../../src/workflows/run-view.ts";
import {
  deferralSchema,
  type TaskAddress,
  type TaskFailure,
  type TaskResult,
  taskAddressSchema,
  taskFailureSchema,
  taskProgressSchema,
  taskResultSchema,
} from "../../src/workflows/task-report.ts";
import type {
  CompletionReport,
  RunScope,
  StartedRun,
  StartRun,
  TaskAssignment,
  TaskReport,
  TenantWorkflowsApi,
  WorkflowsStatus,
} from "../../src/workflows/tenant-workflows-api.ts";
import type { DurableObjectEnv } from "../environment.ts";
import type { Alarm } from "./alarm.ts";
import { assemble } from "./assemble.ts";
import type { ChangeSignal } from "./change-signal.ts";
import type { Delivery } from "./delivery.ts";
import type { EventLog, EventPage, EventQuery } from "./event-log.ts";
import type { Idempotency } from "./idempotency.ts";
import type { Marks } from "./marks.ts";
import type { MemoryRecall } from "./memory-recall.ts";
import type { MemoryStore } from "./memory-store.ts";
import type { Retention } from "./retention.ts";
import type { RunArchive } from "./run-archive.ts";
import type { RunDesk } from "./run-desk.ts";
import type { RunStore } from "./run-store.ts";
import type { TaskDesk } from "./task-desk.ts";
import type { TaskLeases } from "./task-leases.ts";

const sweepSize = 100;

/** The tenant's workflow object: the shell around the engine. See src/workflows/ARCHITECTURE.md. */
export class TenantWorkflows
  extends DurableObject<DurableObjectEnv>
  implements TenantWorkflowsApi, TenantMemoryApi
{
  readonly #runs: RunStore;
  readonly #leases: TaskLeases;
  readonly #log: EventLog;
  readonly #marks: Marks;
  readonly #memories: MemoryStore;
  readonly #recall: MemoryRecall;
  readonly #desk: RunDesk;
  readonly #tasks: TaskDesk;
  readonly #idempotency: Idempotency;
  readonly #archive: RunArchive;
  readonly #retention: Retention;
  readonly #delivery: Delivery;
  readonly #alarm: Alarm;
  readonly #changes: ChangeSignal;

  constructor(ctx: DurableObjectState, env: DurableObjectEnv) {
    super(ctx, env);
    const parts = assemble(ctx, env, ({ id, attempt }, result) =>
      this.#after(this.#tasks.complete(id, attempt, result, Date.now()).report),
    );
    this.#runs = parts.runs;
    this.#leases = parts.leases;
    this.#log = parts.log;
    this.#marks = parts.marks;
    this.#memories = parts.memories;
    this.#recall = parts.recall;
    this.#desk = parts.desk;
    this.#tasks = parts.tasks;
    this.#idempotency = parts.idempotency;
    this.#archive = parts.archive;
    this.#retention = parts.retention;
    this.#delivery = parts.delivery;
    this.#alarm = parts.alarm;
    this.#changes = parts.changes;
    if (this.#leases.sendUnclaimed(Date.now()) > 0) this.#written();
  }

  async startRun(request: StartRun): Promise<Outcome<StartedRun>> {
    return this.#then(this.#desk.start(request, Date.now()));
  }

  async getRun(correlationId: string, scope: RunScope): Promise<Outcome<RunView>> {
    const run = this.#desk.visible(correlationId, scope);
    return run ? success(viewOf(run)) : this.#archived(correlationId, scope);
  }

  async waitForRun(correlationId: string, scope: RunScope, timeoutMs: number): Promise<Outcome<RunView>> {
    const run = await this.#changes.until(
      () => {
        const value = this.#desk.visible(correlationId, scope);
        return { done: !value || isFinished(value) || value.status === "paused", value };
      },
      timeoutMs,
      correlationId,
    );
    return run ? success(viewOf(run)) : this.#archived(correlationId, scope);
  }

  async resumeRun(
    correlationId: string,
    scope: RunScope,
    answer: { approved: boolean; feedback?: string; userId: string; step?: string },
  ): Promise<Outcome<{ status: RunStatus }>> {
    const run = this.#desk.visible(correlationId, scope);
    if (!run) return this.#over(correlationId, scope);
    return this.#then(this.#desk.answer(run, answer, Date.now()));
  }

  async cancelRun(
    correlationId: string,
    scope: RunScope,
    reason: string,
  ): Promise<Outcome<{ status: RunStatus }>> {
    const run = this.#desk.visible(correlationId, scope);
    if (!run) return this.#over(correlationId, scope);
    return this.#then(this.#desk.end(run, { type: "cancel", reason }, Date.now()));
  }

  async terminateRun(correlationId: string, feedback?: string): Promise<Outcome<{ status: RunStatus }>> {
    const run = this.#desk.visible(correlationId, "tenant");
    if (!run) return this.#over(correlationId, "tenant");
    return this.#then(this.#desk.end(run, { type: "terminate", feedback }, Date.now()));
  }

  async cancelRunsOfInstance(instanceId: string, scope: RunScope, reason: string): Promise<string[]> {
    return this.#cancel(this.#runs.activeRunsOf(instanceId), scope, reason);
  }

  async cancelRunsOfUser(userId: string, reason: string): Promise<string[]> {
    return this.#cancel(this.#runs.activeRunsOfUser(userId), { userId }, reason);
  }

  async redispatchTasksOfInstance(instanceId: string): Promise<number> {
    const now = Date.now();
    const ids = this.#runs.activeRunsOf(instanceId);
    const all = ids.flatMap((id) => [id, ...this.#runs.descendantsOf(id)]);
    const counts = all.map((id) => this.#leases.sendAgain(id, now));
    this.#written();
    return counts.reduce((total, count) => total + count, 0);
  }

  async countMemories(): Promise<number> {
    return this.#memories.count();
  }

  async describe(): Promise<WorkflowsStatus> {
    return {
      activeRuns: this.#runs.countActive(),
      openTasks: this.#leases.countOpen(),
      ignoredReports: this.#marks.get("ignored_reports"),
    };
  }

  async claimTask(...address: [taskId: string, attempt: number]): Promise<Outcome<TaskAssignment>> {
    return this.#tasks.claim(...taskAddressSchema.parse(address), Date.now());
  }

  async claimTasks(addresses: readonly TaskAddress[]): Promise<Outcome<TaskAssignment>[]> {
    const now = Date.now();
    return Promise.all(
      addresses.map((address) => this.#tasks.claim(...taskAddressSchema.parse(address), now)),
    );
  }

  async renewTask(...address: [taskId: string, attempt: number]): Promise<TaskReport> {
    return this.#tasks.renew(...taskAddressSchema.parse(address), Date.now());
  }

  async reportProgress(
    taskId: string,
    attempt: number,
    progress: { index: number; delta: string },
  ): Promise<void> {
    const address = taskAddressSchema.parse([taskId, attempt]);
    this.#after(this.#tasks.progress(...address, taskProgressSchema.parse(progress), Date.now()));
  }

  async completeTask(
    taskId: string,
    attempt: number,
    result: TaskResult,
    consumer?: TaskConsumer,
  ): Promise<CompletionReport> {
    const now = Date.now();
    const address = taskAddressSchema.parse([taskId, attempt]);
    const { report, next } = this.#tasks.complete(...address, taskResultSchema.parse(result), now, consumer);
    this.#after(report);
    return next ? { ...report, next: await next } : report;
  }

  async failTask(taskId: string, attempt: number, failure: TaskFailure): Promise<TaskReport> {
    const address = taskAddressSchema.parse([taskId, attempt]);
    return this.#after(this.#tasks.fail(...address, taskFailureSchema.parse(failure), Date.now()));
  }

  async failDeadTask(taskId: string, reason: string): Promise<TaskReport> {
    return this.#after(this.#tasks.failDead(taskId, reason, Date.now()));
  }

  async deferTask(taskId: string, attempt: number, delayMs: number): Promise<TaskReport> {
    const address = taskAddressSchema.parse([taskId, attempt]);
    return this.#after(this.#tasks.defer(...address, deferralSchema.parse(Math.ceil(delayMs)), Date.now()));
  }

  async readEvents(query: EventQuery): Promise<EventPage> {
    return this.#log.read(query);
  }

  async waitForEvents(query: EventQuery, timeoutMs: number): Promise<EventPage> {
    return this.#changes.until(
      () => {
        const value = this.#log.read(query);
        return { done: value.events.length > 0, value };
      },
      timeoutMs,
      query.entityId,
    );
  }

  async appendEvent(entry: {
    id: string;
    event: string;
    entityId: string;
    ownerUserId: string | null;
    data: Record<string, unknown>;
  }): Promise<void> {
    const { id, event, entityId, ownerUserId, data } = entry;
    this.ctx.storage.transactionSync(() =>
      this.#log.appendOnce(id, { event, entity_id: entityId, owner_user_id: ownerUserId, data }, Date.now()),
    );
    this.#written();
  }

  async takeOverEvents(source: string, events: PlatformEvent[]): Promise<void> {
    this.ctx.storage.transactionSync(() => this.#log.takeOver(source, events));
    this.#written();
  }

  async listMemories(...query: Parameters<MemoryStore["page"]>): Promise<Memory[]> {
    return this.#memories.page(...query);
  }

  async searchMemories(query: MemoryQuery): Promise<RankedMemory[]> {
    return this.#recall.search(query, Date.now());
  }

  async getMemory(instanceId: string, id: number): Promise<Outcome<Memory>> {
    return found(this.#memories.find(instanceId, id));
  }

  async putMemory(instanceId: string, memory: NewMemory, maxMemories: number): Promise<Memory> {
    const put = () => this.#memories.put(instanceId, memory, maxMemories, Date.now());
    const kept = this.ctx.storage.transactionSync(put);
    this.#written();
    return kept;
  }

  async changeMemory(instanceId: string, id: number, change: Partial<NewMemory>): Promise<Outcome<Memory>> {
    const changed = this.ctx.storage.transactionSync(() => this.#memories.change(instanceId, id, change));
    return this.#then(found(changed));
  }

  async removeMemory(instanceId: string, id: number): Promise<Outcome<{ id: number }>> {
    const removed = this.ctx.storage.transactionSync(() => this.#memories.remove(instanceId, id));
    return this.#then(found(removed ? { id } : undefined));
  }

  /** Finishes what a crash interrupted, lets time pass for the runs that wait for it, and sends again what nobody claimed. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    this.#alarm.fired(now);
    this.#alarm.guard(now);
    for (const id of this.#runs.dueRuns(now, sweepSize)) {
      const run = this.#runs.load(id);
      if (run) this.#desk.tick(run, now);
    }
    this.#log.prune(now);
    this.#idempotency.prune(now);
    this.#changes.notify();
    await Promise.all([this.#delivery.drain(), this.#retention.sweep(now)]);
    this.#alarm.arm(Date.now());
  }

  #cancel(runs: readonly string[], scope: RunScope, reason: string): string[] {
    const ended = runs.filter((id) => {
      const run = this.#desk.visible(id, scope);
      return run !== undefined && this.#desk.end(run, { type: "cancel", reason }, Date.now()).ok;
    });
    this.#written();
    return ended;
  }

  /** After every write: the alarm is armed first, so a crash during the delivery is looked at again. */
  #written(): void {
    this.#alarm.guard(Date.now());
    this.#changes.notify();
    this.ctx.waitUntil(this.#delivery.drain().then(() => this.#alarm.arm(Date.now())));
  }

  /** Delivers what a report has caused, if it has. */
  #after(report: TaskReport): TaskReport {
    if (report.applied) this.#written();
    return report;
  }

  /** Delivers what a call has caused, unless it was refused. */
  #then<T>(outcome: Outcome<T>): Outcome<T> {
    if (outcome.ok) this.#written();
    return outcome;
  }

  async #archived(correlationId: string, scope: RunScope): Promise<Outcome<RunView>> {
    const view = await this.#archive.get(correlationId, scope);
    return view ? success(view) : refusal("NOT_FOUND", "No such run");
  }

  /** Why a run that is not in this object (any more) cannot be changed. */
  async #over(correlationId: string, scope: RunScope): Promise<Outcome<never>> {
    const archived = await this.#archive.get(correlationId, scope);
    return archived ? refusal("CONFLICT", "The run has already ended") : refusal("NOT_FOUND", "No such run");
  }
}

const found = <T>(value: T | undefined): Outcome<T> =>
  value === undefined ? refusal("NOT_FOUND", "No such memory") : success(value);
