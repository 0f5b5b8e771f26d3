import { DurableObject } from "cloudflare:workers";
import type { DurableObjectEnv } from "#durable-objects/environment.ts";
import { isFinished } from "#src/engine/run-state.ts";
import type { RunStatus, RunView } from "#src/engine/run-view.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import {
  deadTaskSchema,
  type TaskAddress,
  type TaskCompletion,
  type TaskFailure,
  taskAddressSchema,
  taskProgressSchema,
} from "#src/engine/task-report.ts";
import type { AppendedEvent } from "#src/events/event-log.ts";
import { type PlatformEvent, platformEventSchema } from "#src/events/platform-event.ts";
import { foundOr, type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import type { RequestKey } from "#src/kernel/request-key.ts";
import type { Memory, MemoryQuery, NewMemory, RankedMemory } from "#src/objects/memory.ts";
import { type CopyReceipt, copyReceiptSchema, type RunCopy } from "#src/objects/platform-message.ts";
import { readFailure } from "#src/objects/refused-report.ts";
import { appendedEventSchema, startRunSchema } from "#src/objects/rpc-schemas.ts";
import type { TenantMemoryApi } from "#src/objects/tenant-memory-api.ts";
import type {
  CompletionReport,
  DecidedRun,
  RunAnswer,
  RunScope,
  StartedRun,
  TaskAssignment,
  TaskReport,
  TenantWorkflowsApi,
  WorkflowsStatus,
} from "#src/objects/tenant-workflows-api.ts";
import { assemble } from "./assemble.ts";
import type { EventPage, EventQuery } from "./event-log.ts";
import type { MemoryStore } from "./memory-store.ts";
import { passTime } from "./pass-time.ts";

type Parts = ReturnType<typeof assemble>;

/** The tenant's workflow object: the shell around the engine. See src/engine/ARCHITECTURE.md. */
export class TenantWorkflows
  extends DurableObject<DurableObjectEnv>
  implements TenantWorkflowsApi, TenantMemoryApi
{
  readonly #parts: Parts;

  constructor(ctx: DurableObjectState, env: DurableObjectEnv) {
    super(ctx, env);
    this.#parts = assemble(ctx, env, (report) => this.#after(report));
    // What this instance finds it has not sent itself, and a queue may have forgotten.
    const now = Date.now();
    if (this.#parts.leases.sendUnclaimed(now) > 0 || this.#parts.outbox.next(now) !== null) this.#written();
    this.#parts.alarm.rearm(now);
  }

  async startRun(request: StartRun): Promise<Outcome<StartedRun>> {
    return this.#then(this.#parts.desk.start(startRunSchema.parse(request), Date.now()));
  }

  async getRun(correlationId: string, scope: RunScope): Promise<Outcome<RunView>> {
    const run = this.#parts.desk.visible(correlationId, scope);
    return run ? success(this.#parts.desk.view(run)) : this.#archived(correlationId, scope);
  }

  async waitForRun(correlationId: string, scope: RunScope, timeoutMs: number): Promise<Outcome<RunView>> {
    const run = await this.#parts.changes.until(
      () => {
        const value = this.#parts.desk.visible(correlationId, scope);
        return { done: !value || isFinished(value) || value.status === "paused", value };
      },
      timeoutMs,
      correlationId,
    );
    return run ? success(this.#parts.desk.view(run)) : this.#archived(correlationId, scope);
  }

  async resumeRun(correlationId: string, scope: RunScope, answer: RunAnswer): Promise<Outcome<DecidedRun>> {
    const run = this.#parts.desk.visible(correlationId, scope);
    if (!run) return this.#over(correlationId, scope);
    return this.#then(this.#parts.desk.answer(run, answer, Date.now()));
  }

  async earlierDecision(idempotency: RequestKey): Promise<Outcome<DecidedRun | null>> {
    return this.#parts.desk.earlier(idempotency, Date.now()) ?? success(null);
  }

  async cancelRun(
    correlationId: string,
    scope: RunScope,
    reason: string,
  ): Promise<Outcome<{ status: RunStatus }>> {
    const run = this.#parts.desk.visible(correlationId, scope);
    if (!run) return this.#over(correlationId, scope);
    return this.#then(this.#parts.desk.end(run, { type: "cancel", reason }, Date.now()));
  }

  async terminateRun(
    correlationId: string,
    feedback?: unknown,
    idempotency?: RequestKey | null,
  ): Promise<Outcome<DecidedRun>> {
    const run = this.#parts.desk.visible(correlationId, "tenant");
    if (!run) return this.#over(correlationId, "tenant");
    return this.#then(this.#parts.desk.end(run, { type: "terminate", feedback }, Date.now(), idempotency));
  }

  async cancelRunsOfInstance(instanceId: string, scope: RunScope, reason: string): Promise<string[]> {
    return this.#cancel(this.#parts.runs.activeRunsOf(instanceId), scope, reason);
  }

  async cancelRunsOfUser(userId: string, reason: string): Promise<string[]> {
    return this.#cancel(this.#parts.runs.activeRunsOfUser(userId), { userId }, reason);
  }

  async setTenantActive(active: boolean): Promise<number> {
    return this.#done(this.#parts.desk.setTenantActive(active, Date.now()));
  }

  async redispatchTasksOfInstance(instanceId: string): Promise<number> {
    return this.#done(this.#parts.tasks.sendAgain(instanceId, Date.now()));
  }

  async countMemories(): Promise<number> {
    return this.#parts.memories.count();
  }

  async describe(): Promise<WorkflowsStatus> {
    return {
      activeRuns: this.#parts.runs.countActive(),
      openTasks: this.#parts.leases.countOpen(),
      ignoredReports: this.#parts.marks.get("ignored_reports"),
    };
  }

  async wake(): Promise<void> {
    this.#parts.alarm.rearm(Date.now());
  }

  async claimTasks(addresses: readonly TaskAddress[]): Promise<Outcome<TaskAssignment>[]> {
    return this.#parts.tasks.claimAll(addresses, Date.now());
  }

  async renewTasks(addresses: readonly TaskAddress[]): Promise<void> {
    const now = Date.now();
    for (const address of taskAddressSchema.array().parse(addresses))
      this.#parts.tasks.renew(...address, now);
  }

  async reportProgress(
    taskId: string,
    attempt: number,
    progress: { index: number; delta: string },
  ): Promise<void> {
    const address = taskAddressSchema.parse([taskId, attempt]);
    this.#after(this.#parts.tasks.progress(...address, taskProgressSchema.parse(progress), Date.now()));
  }

  async completeTasks(completions: readonly TaskCompletion[]): Promise<CompletionReport[]> {
    const now = Date.now();
    // Should one of them break, what the others have caused is not forgotten.
    this.#parts.alarm.guard(now);
    const taken = completions.map((completion) => this.#parts.tasks.take(completion, now));
    if (taken.some(({ applied }) => applied)) this.#written();
    return Promise.all(taken.map(({ report }) => report));
  }

  async failTask(taskId: string, attempt: number, failure: TaskFailure): Promise<TaskReport> {
    const address = taskAddressSchema.parse([taskId, attempt]);
    return this.#after(this.#parts.tasks.fail(...address, readFailure(failure), Date.now()));
  }

  async failDeadTask(
    taskId: string,
    reason: string,
    attempt?: number,
    retryable = false,
  ): Promise<TaskReport> {
    const letter = deadTaskSchema.parse({ taskId, reason, attempt, retryable });
    return this.#after(this.#parts.tasks.failDead(letter, Date.now()));
  }

  async deferTask(taskId: string, attempt: number, delayMs: number, isFree?: boolean): Promise<TaskReport> {
    const address = taskAddressSchema.parse([taskId, attempt]);
    return this.#after(this.#parts.tasks.defer(...address, Math.ceil(delayMs), isFree === true, Date.now()));
  }

  async confirmCopies(receipts: CopyReceipt[]): Promise<void> {
    this.#parts.outbox.confirm(copyReceiptSchema.array().parse(receipts));
  }

  async pendingRuns(of: { userId: string } | { instanceId: string }): Promise<RunCopy[]> {
    return this.#parts.outbox.pendingRuns(of);
  }

  async greetListener(): Promise<{ oldest: number; latest: number }> {
    this.#parts.audience.arrived();
    return this.#parts.log.extent();
  }

  async readEvents(query: EventQuery): Promise<EventPage> {
    return this.#parts.log.read(query);
  }

  async waitForEvents(query: EventQuery, timeoutMs: number): Promise<EventPage> {
    return this.#parts.changes.until(
      () => {
        const value = this.#parts.log.read(query);
        return { done: value.events.length > 0, value };
      },
      timeoutMs,
      query.entityId,
    );
  }

  async appendEvent(entry: AppendedEvent): Promise<void> {
    return this.appendEvents([entry]);
  }

  async appendEvents(entries: readonly AppendedEvent[]): Promise<void> {
    const now = Date.now();
    const checked = appendedEventSchema.array().parse(entries);
    this.ctx.storage.transactionSync(() => {
      for (const { id, event, entityId, ownerUserId, data } of checked) {
        this.#parts.log.appendOnce(id, { event, entity_id: entityId, owner_user_id: ownerUserId, data }, now);
        if (event === "instance.deleted") this.#parts.memories.removeAll(entityId);
      }
    });
    this.#written();
  }

  async takeOverEvents(source: string, events: PlatformEvent[]): Promise<void> {
    const checked = platformEventSchema.array().parse(events);
    this.ctx.storage.transactionSync(() => this.#parts.log.takeOver(source, checked));
    this.#written();
  }

  async listMemories(...query: Parameters<MemoryStore["page"]>): Promise<Memory[]> {
    return this.#parts.memories.page(...query);
  }

  async searchMemories(query: MemoryQuery): Promise<RankedMemory[]> {
    return this.#parts.recall.search(query, Date.now());
  }

  async getMemory(instanceId: string, id: number): Promise<Outcome<Memory>> {
    return foundOr("No such memory", this.#parts.memories.find(instanceId, id));
  }

  async putMemory(instanceId: string, memory: NewMemory, maxMemories: number): Promise<Memory> {
    const put = () => this.#parts.memories.put(instanceId, memory, maxMemories, Date.now());
    return this.#done(this.ctx.storage.transactionSync(put));
  }

  async changeMemory(instanceId: string, id: number, change: Partial<NewMemory>): Promise<Outcome<Memory>> {
    const changed = this.ctx.storage.transactionSync(() =>
      this.#parts.memories.change(instanceId, id, change),
    );
    return this.#then(foundOr("No such memory", changed));
  }

  async removeMemory(instanceId: string, id: number): Promise<Outcome<{ id: number }>> {
    const removed = this.ctx.storage.transactionSync(() => this.#parts.memories.remove(instanceId, id));
    return this.#then(foundOr("No such memory", removed ? { id } : undefined));
  }

  async removeMemoriesOf(instanceIds: readonly string[]): Promise<number> {
    const remove = () => instanceIds.reduce((total, id) => total + this.#parts.memories.removeAll(id), 0);
    const removed = this.ctx.storage.transactionSync(remove);
    if (removed > 0) this.#written();
    return removed;
  }

  override async alarm(): Promise<void> {
    return passTime(this.#parts, this.ctx, Date.now());
  }

  #cancel(runs: readonly string[], scope: RunScope, reason: string): string[] {
    return this.#done(this.#parts.desk.cancelAll(runs, scope, reason, Date.now()));
  }

  /** After every write: the alarm is armed first, so a crash during the delivery is looked at again. */
  #written(): void {
    this.#parts.alarm.guard(Date.now());
    this.#parts.changes.notify();
    this.ctx.waitUntil(this.#parts.delivery.drain());
  }

  /** Delivers what has been written, and gives what came of it. */
  #done<T>(value: T): T {
    this.#written();
    return value;
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
    const view = await this.#parts.archive.get(correlationId, scope);
    return view ? success(view) : refusal("NOT_FOUND", "No such run");
  }

  /** Why a run that is not in this object (any more) cannot be changed. */
  async #over(correlationId: string, scope: RunScope): Promise<Outcome<never>> {
    const archived = await this.#parts.archive.get(correlationId, scope);
    return archived ? refusal("CONFLICT", "The run has already ended") : refusal("NOT_FOUND", "No such run");
  }
}
