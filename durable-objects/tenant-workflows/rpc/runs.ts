import { z } from "zod";
import { isFinished } from "#src/engine/run-state.ts";
import type { RunStatus, RunView } from "#src/engine/run-view.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import type { TaskPage, TaskQuery, TaskView } from "#src/engine/task-view.ts";
import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import type { RequestKey } from "#src/kernel/request-key.ts";
import { type HistoryPage, historyPageSchema } from "#src/objects/history-api.ts";
import { listedGates } from "#src/objects/listed-gates.ts";
import { type CopyReceipt, copyReceiptSchema, type RunCopy } from "#src/objects/platform-message.ts";
import { startRunSchema } from "#src/objects/rpc-schemas.ts";
import { copyOf } from "#src/objects/run-projection.ts";
import type {
  DecidedRun,
  RunAnswer,
  RunScope,
  RunsApi,
  StartedRun,
  WaitingRuns,
} from "#src/objects/runs-api.ts";
import { pageOfTasks } from "#src/objects/task-projection.ts";
import type { Assembly } from "../assemble.ts";

/** Runs that wait are not counted one by one beyond these. */
const maxCounted = 1000;

/** Runs that somebody asks for: those in the object, and those that ended long ago and lie in the archive. */
export class Runs implements RunsApi {
  readonly #parts: Assembly;

  constructor(parts: Assembly) {
    this.#parts = parts;
  }

  async startRun(request: StartRun): Promise<Outcome<StartedRun>> {
    const { desk, delivery, memories, room, retention } = this.#parts;
    const checked = startRunSchema.parse(request);
    if (checked.memoryOf && memories.isForgotten(checked.memoryOf.conversationId))
      return refusal("NOT_FOUND", "The conversation was erased");
    const now = Date.now();
    const earlier = desk.started(checked, now);
    if (earlier) return earlier;
    const makeRoom = () => delivery.after(retention.sweep(now));
    return delivery.deliver(room.begin(() => desk.start(checked, now), makeRoom));
  }

  async getRun(correlationId: string, scope: RunScope): Promise<Outcome<RunView>> {
    const run = this.#parts.desk.visible(correlationId, scope);
    return run ? success(this.#parts.desk.view(run)) : this.#archived(correlationId, scope);
  }

  async listTasks(correlationId: string, scope: RunScope, query: TaskQuery): Promise<Outcome<TaskPage>> {
    const tasks = await this.#tasksOf(correlationId, scope);
    return tasks ? success(pageOfTasks(tasks, query)) : refusal("NOT_FOUND", "No such run");
  }

  async getTask(correlationId: string, scope: RunScope, taskId: string): Promise<Outcome<TaskView>> {
    const tasks = await this.#tasksOf(correlationId, scope);
    const task = tasks?.find(({ id }) => id === taskId);
    return task ? success(task) : refusal("NOT_FOUND", "No such task");
  }

  async #tasksOf(correlationId: string, scope: RunScope): Promise<TaskView[] | undefined> {
    const { desk, archive } = this.#parts;
    const run = desk.visible(correlationId, scope);
    return run ? desk.tasks(run) : (await archive.get(correlationId, scope))?.tasks;
  }

  async waitingRuns(userId: string, page: HistoryPage, instanceId?: string): Promise<WaitingRuns> {
    const { desk, runs } = this.#parts;
    const { after, limit } = historyPageSchema.parse(page);
    const ids = runs.waitingRunsOf(userId, after?.[1], limit + 1, instanceId);
    const found = ids.flatMap((id) => runs.load(id) ?? []);
    return {
      runs: found.map((run) => ({ run: copyOf(run), gates: listedGates(desk.asked(run)) })),
      waiting: runs.waitingRunsOf(userId, undefined, maxCounted).length,
    };
  }

  async waitForRun(correlationId: string, scope: RunScope, timeoutMs: number): Promise<Outcome<RunView>> {
    const { desk, changes } = this.#parts;
    const run = await changes.until(
      () => {
        const value = desk.visible(correlationId, scope);
        return { done: !value || isFinished(value) || value.status === "paused", value };
      },
      timeoutMs,
      correlationId,
    );
    return run ? success(desk.view(run)) : this.#archived(correlationId, scope);
  }

  async resumeRun(correlationId: string, scope: RunScope, answer: RunAnswer): Promise<Outcome<DecidedRun>> {
    const { desk, delivery } = this.#parts;
    const run = desk.visible(correlationId, scope);
    if (!run) return this.#over(correlationId, scope);
    return delivery.deliver(desk.answer(run, answer, Date.now()));
  }

  async earlierDecision(idempotency: RequestKey): Promise<Outcome<DecidedRun | null>> {
    return this.#parts.desk.earlier(idempotency, Date.now()) ?? success(null);
  }

  async cancelRun(
    correlationId: string,
    scope: RunScope,
    reason: string,
    userId?: string,
  ): Promise<Outcome<{ status: RunStatus }>> {
    const { desk, delivery } = this.#parts;
    const run = desk.visible(correlationId, scope);
    if (!run) return this.#over(correlationId, scope);
    return delivery.deliver(desk.end(run, { type: "cancel", reason, userId }, Date.now()));
  }

  async terminateRun(
    correlationId: string,
    feedback?: unknown,
    idempotency?: RequestKey | null,
    userId?: string,
  ): Promise<Outcome<DecidedRun>> {
    const { desk, delivery } = this.#parts;
    const run = desk.visible(correlationId, "tenant");
    if (!run) return this.#over(correlationId, "tenant");
    return delivery.deliver(desk.end(run, { type: "terminate", feedback, userId }, Date.now(), idempotency));
  }

  async cancelRunsOfInstance(
    instanceId: string,
    scope: RunScope,
    reason: string,
    userId?: string,
  ): Promise<string[]> {
    return this.#cancel(this.#parts.runs.activeRunsOf(instanceId), scope, { reason, userId });
  }

  async cancelRunsOfUser(userId: string, reason: string): Promise<string[]> {
    return this.#cancel(this.#parts.runs.activeRunsOfUser(userId), { userId }, { reason });
  }

  async eraseRunsOf(conversationId: string): Promise<{ isMore: boolean }> {
    const { eraser, delivery } = this.#parts;
    return delivery.deliver(await eraser.erase(z.string().min(1).parse(conversationId), Date.now()));
  }

  async setTenantActive(active: boolean): Promise<number> {
    const { desk, delivery } = this.#parts;
    return delivery.deliver(desk.setTenantActive(active, Date.now()));
  }

  async pendingRuns(of: { userId: string } | { instanceId: string }): Promise<RunCopy[]> {
    return this.#parts.outbox.pendingRuns(of);
  }

  async confirmCopies(receipts: CopyReceipt[]): Promise<void> {
    this.#parts.outbox.confirm(copyReceiptSchema.array().parse(receipts));
  }

  #cancel(runs: readonly string[], scope: RunScope, by: { reason: string; userId?: string }): string[] {
    const { desk, delivery } = this.#parts;
    return delivery.deliver(desk.cancelAll(runs, scope, by, Date.now()));
  }

  async #archived(correlationId: string, scope: RunScope): Promise<Outcome<RunView>> {
    const { view } = (await this.#parts.archive.get(correlationId, scope)) ?? {};
    return view ? success(view) : refusal("NOT_FOUND", "No such run");
  }

  /** Why a run that is not in this object (any more) cannot be changed. */
  async #over(correlationId: string, scope: RunScope): Promise<Outcome<never>> {
    const archived = await this.#parts.archive.get(correlationId, scope);
    return archived ? refusal("CONFLICT", "The run has already ended") : refusal("NOT_FOUND", "No such run");
  }
}
