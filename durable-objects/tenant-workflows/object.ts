import { DurableObject } from "cloudflare:workers";
import { type Outcome, refusal, success } from "../../src/http/outcome.ts";
import { createLogger } from "../../src/observability/logger.ts";
import type { RunEvent } from "../../src/workflows/engine.ts";
import { jsonBytes, limits } from "../../src/workflows/limits.ts";
import { newRunId } from "../../src/workflows/run-id.ts";
import { viewOf } from "../../src/workflows/run-projection.ts";
import { isFinished, newRun, type RunState } from "../../src/workflows/run-state.ts";
import type { RunStatus, RunView } from "../../src/workflows/run-view.ts";
import {
  type TaskFailure,
  type TaskResult,
  taskFailureSchema,
  taskResultSchema,
} from "../../src/workflows/task-report.ts";
import type {
  RunScope,
  StartedRun,
  StartRun,
  TaskAssignment,
  TaskReport,
  TenantWorkflowsApi,
} from "../../src/workflows/tenant-workflows-api.ts";
import type { DurableObjectEnv } from "../environment.ts";
import { Alarm } from "./alarm.ts";
import { ChangeSignal } from "./change-signal.ts";
import { Delivery } from "./delivery.ts";
import { EventLog, type EventPage, type EventQuery } from "./event-log.ts";
import { Idempotency } from "./idempotency.ts";
import { MemoryStore } from "./memory-store.ts";
import { ReadModelOutbox } from "./read-model-outbox.ts";
import { RunMover } from "./run-mover.ts";
import { RunStore } from "./run-store.ts";
import { tables } from "./tables.ts";
import { TaskDesk } from "./task-desk.ts";
import { TaskLeases } from "./task-leases.ts";

const sweepSize = 100;

/** The name the object was made with, remembered from the first call. */
function ownName({ id, storage }: DurableObjectState): string {
  if (id.name !== undefined) {
    storage.sql.exec("INSERT OR IGNORE INTO identity (only, name) VALUES (1, ?)", id.name);
    return id.name;
  }
  return storage.sql.exec<{ name: string }>("SELECT name FROM identity").toArray()[0]?.name ?? "";
}

/** The tenant's workflow object: the shell around the engine. See src/workflows/ARCHITECTURE.md. */
export class TenantWorkflows extends DurableObject<DurableObjectEnv> implements TenantWorkflowsApi {
  readonly #shard: number;
  readonly #runs: RunStore;
  readonly #leases: TaskLeases;
  readonly #log: EventLog;
  readonly #memory: MemoryStore;
  readonly #tasks: TaskDesk;
  readonly #idempotency: Idempotency;
  readonly #mover: RunMover;
  readonly #delivery: Delivery;
  readonly #alarm: Alarm;
  readonly #changes = new ChangeSignal();

  constructor(ctx: DurableObjectState, env: DurableObjectEnv) {
    super(ctx, env);
    const { storage } = ctx;
    const { sql } = storage;
    sql.exec(tables);
    const [clientId = "", shard = "0"] = ownName(ctx).split(":");
    const logger = createLogger("tenant-workflows", "info", { client_id: clientId });
    const outbox = new ReadModelOutbox(sql);
    this.#shard = Number(shard);
    this.#runs = new RunStore(sql);
    this.#leases = new TaskLeases(sql);
    this.#log = new EventLog(sql);
    this.#memory = new MemoryStore(sql);
    this.#idempotency = new Idempotency(sql);
    this.#mover = new RunMover({ storage, runs: this.#runs, log: this.#log, outbox, memory: this.#memory });
    const parts = { clientId, env, runs: this.#runs, leases: this.#leases, log: this.#log, outbox, logger };
    this.#delivery = new Delivery(parts);
    this.#tasks = new TaskDesk({
      runs: this.#runs,
      leases: this.#leases,
      log: this.#log,
      memory: this.#memory,
      mover: this.#mover,
    });
    this.#alarm = new Alarm(storage);
  }

  async startRun(request: StartRun): Promise<Outcome<StartedRun>> {
    const { idempotency, ...header } = request;
    const now = Date.now();
    const known = idempotency && this.#idempotency.find(idempotency.key, now);
    if (known && known.bodyDigest !== idempotency.bodyDigest) {
      return refusal("CONFLICT", "This Idempotency-Key belongs to another request");
    }
    const earlier = known && this.#runs.load(known.runId);
    if (earlier) return success({ correlationId: earlier.header.id, status: earlier.status, created: false });
    if (jsonBytes(header.plan) > limits.planBytes)
      return refusal("PAYLOAD_TOO_LARGE", "The workflow plan is too large");
    if (jsonBytes(header.input) > limits.inputBytes)
      return refusal("PAYLOAD_TOO_LARGE", "The input is too large");
    if (jsonBytes(header.config) > limits.configBytes)
      return refusal("PAYLOAD_TOO_LARGE", "The config is too large");
    const id = newRunId(this.#shard, now);
    const run = newRun({ ...header, id, createdAt: now });
    const started = this.#mover.move(run, { type: "start" }, now, () => {
      if (idempotency) this.#idempotency.put({ ...idempotency, runId: id }, now);
    });
    this.#written();
    return success({ correlationId: id, status: (started ?? run).status, created: true });
  }

  async getRun(correlationId: string, scope: RunScope): Promise<Outcome<RunView>> {
    const run = this.#visible(correlationId, scope);
    return run ? success(viewOf(run)) : refusal("NOT_FOUND", "No such run");
  }

  async waitForRun(correlationId: string, scope: RunScope, timeoutMs: number): Promise<Outcome<RunView>> {
    const run = await this.#changes.until(() => {
      const value = this.#visible(correlationId, scope);
      return { done: !value || isFinished(value) || value.status === "paused", value };
    }, timeoutMs);
    return run ? success(viewOf(run)) : refusal("NOT_FOUND", "No such run");
  }

  async resumeRun(
    correlationId: string,
    scope: RunScope,
    answer: { approved: boolean; feedback?: string; userId: string },
  ): Promise<Outcome<{ status: RunStatus }>> {
    return this.#steer(
      correlationId,
      scope,
      { type: "answered", ...answer },
      "The run is not waiting for an answer",
    );
  }

  async cancelRun(
    correlationId: string,
    scope: RunScope,
    reason: string,
  ): Promise<Outcome<{ status: RunStatus }>> {
    return this.#steer(correlationId, scope, { type: "cancel", reason }, "The run has already ended");
  }

  async terminateRun(correlationId: string, feedback?: string): Promise<Outcome<{ status: RunStatus }>> {
    return this.#steer(correlationId, "tenant", { type: "terminate", feedback }, "The run has already ended");
  }

  async cancelRunsOfInstance(instanceId: string, scope: RunScope, reason: string): Promise<string[]> {
    const ids = this.#runs.activeRunsOf(instanceId);
    const ended = ids.filter((id) => {
      const run = this.#visible(id, scope);
      return run !== undefined && this.#mover.move(run, { type: "cancel", reason }, Date.now()) !== undefined;
    });
    this.#written();
    return ended;
  }

  async redispatchTasksOfInstance(instanceId: string): Promise<number> {
    const now = Date.now();
    const counts = this.#runs.activeRunsOf(instanceId).map((id) => this.#leases.sendAgain(id, now));
    this.#written();
    return counts.reduce((total, count) => total + count, 0);
  }

  async countMemories(): Promise<number> {
    return this.#memory.count();
  }

  async claimTask(taskId: string, attempt: number): Promise<Outcome<TaskAssignment>> {
    return this.#tasks.claim(taskId, attempt, Date.now());
  }

  async renewTask(taskId: string, attempt: number): Promise<TaskReport> {
    return this.#tasks.renew(taskId, attempt, Date.now());
  }

  async reportProgress(
    taskId: string,
    attempt: number,
    progress: { index: number; delta: string },
  ): Promise<void> {
    this.#after(this.#tasks.progress(taskId, attempt, progress, Date.now()));
  }

  async completeTask(taskId: string, attempt: number, result: TaskResult): Promise<TaskReport> {
    return this.#after(this.#tasks.complete(taskId, attempt, taskResultSchema.parse(result), Date.now()));
  }

  async failTask(taskId: string, attempt: number, failure: TaskFailure): Promise<TaskReport> {
    return this.#after(this.#tasks.fail(taskId, attempt, taskFailureSchema.parse(failure), Date.now()));
  }

  async failDeadTask(taskId: string, reason: string): Promise<TaskReport> {
    return this.#after(this.#tasks.failDead(taskId, reason, Date.now()));
  }

  async deferTask(taskId: string, attempt: number, delayMs: number): Promise<TaskReport> {
    return this.#after(this.#tasks.defer(taskId, attempt, delayMs, Date.now()));
  }

  async readEvents(query: EventQuery): Promise<EventPage> {
    return this.#log.read(query);
  }

  async waitForEvents(query: EventQuery, timeoutMs: number): Promise<EventPage> {
    return this.#changes.until(() => {
      const value = this.#log.read(query);
      return { done: value.events.length > 0, value };
    }, timeoutMs);
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

  /** Finishes what a crash interrupted, lets time pass for the runs that wait for it, and sends again what nobody claimed. */
  override async alarm(): Promise<void> {
    this.#alarm.fired();
    const now = Date.now();
    for (const id of this.#runs.dueRuns(now, sweepSize)) {
      const run = this.#runs.load(id);
      if (run) this.#mover.move(run, { type: "tick" }, now);
    }
    this.#log.prune(now);
    this.#idempotency.prune(now);
    this.#changes.notify();
    this.#alarm.guard(now);
    await this.#delivery.drain();
    this.#alarm.arm(Date.now());
  }

  /** After every write: the alarm is armed first, so a crash during the delivery is looked at again. */
  #written(): void {
    this.#alarm.guard(Date.now());
    this.#changes.notify();
    this.ctx.waitUntil(this.#delivery.drain().then(() => this.#alarm.arm(Date.now())));
  }

  #visible(correlationId: string, scope: RunScope): RunState | undefined {
    const run = this.#runs.load(correlationId);
    return run && (scope === "tenant" || run.header.userId === scope.userId) ? run : undefined;
  }

  /** Delivers what a report has caused, if it has. */
  #after(report: TaskReport): TaskReport {
    if (report.applied) this.#written();
    return report;
  }

  #steer(
    correlationId: string,
    scope: RunScope,
    event: RunEvent,
    otherwise: string,
  ): Outcome<{ status: RunStatus }> {
    const run = this.#visible(correlationId, scope);
    if (!run) return refusal("NOT_FOUND", "No such run");
    const moved = this.#mover.move(run, event, Date.now());
    if (!moved) return refusal("CONFLICT", otherwise);
    this.#written();
    return success({ status: moved.status });
  }
}
