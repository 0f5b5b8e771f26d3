import { jsonBytes, limits } from "#src/engine/limits.ts";
import type { RunEvent } from "#src/engine/run-event.ts";
import { isFinished, newRun, type RunState } from "#src/engine/run-state.ts";
import type { RunView, WaitingGate } from "#src/engine/run-view.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import type { TaskView } from "#src/engine/task-view.ts";
import { nextWake } from "#src/engine/tick.ts";
import { type AskedGate, askedOf, gateMeant, gatesOf } from "#src/engine/waiting.ts";
import { hasPermission } from "#src/kernel/actor.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import type { RequestKey } from "#src/kernel/request-key.ts";
import { viewOf } from "#src/objects/run-projection.ts";
import type { DecidedRun, RunAnswer, RunScope, StartedRun } from "#src/objects/runs-api.ts";
import { taskViewsOf } from "#src/objects/task-projection.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import type { FuelOfTexts } from "#src/providers/index.ts";
import type { ContentQuota } from "../history/content-quota.ts";
import type { RunHistory } from "../history/run-history.ts";
import { type Marks, marks } from "../marks.ts";
import type { TaskLeases } from "../tasks/task-leases.ts";
import type { ConversationRuns } from "./conversation-runs.ts";
import type { ExpressionAllowance } from "./expression-allowance.ts";
import type { Idempotency } from "./idempotency.ts";
import type { RunMover } from "./run-mover.ts";
import type { RunStore } from "./run-store.ts";

/** Runs that time passes for at once. */
const sweepSize = 100;

/** When a run is looked at again that could not be moved. */
const patienceMs = 60_000;

/** Runs that one call cancels. */
const cancelSize = 200;

interface Parts {
  /** Makes the id of a new run. */
  newId(now: number): string;
  fuelOfTexts: FuelOfTexts;
  runs: RunStore;
  leases: TaskLeases;
  mover: RunMover;
  idempotency: Idempotency;
  conversationRuns: ConversationRuns;
  marks: Marks;
  allowance: ExpressionAllowance;
  quota: ContentQuota;
  history: RunHistory;
  logger: Logger;
}

/** Where runs are started, answered and ended. Times in epoch milliseconds. */
export class RunDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The run that the caller's key has made before, wherever it is by now; undefined when it has made none. */
  started({ idempotency: key, userId }: StartRun, now: number): Outcome<StartedRun> | undefined {
    const { runs, idempotency, history } = this.#parts;
    const known = key && idempotency.find(key.key, now);
    if (!known) return undefined;
    if (known.bodyDigest !== key.bodyDigest) return ofAnotherRequest;
    const { runId: correlationId } = known;
    // An object that is crowded moves runs to the archive before their keys are forgotten.
    const status = runs.load(correlationId)?.status ?? history.statusOf(userId, correlationId);
    return status && success({ correlationId, status, created: false });
  }

  start(request: StartRun, now: number): Outcome<StartedRun> {
    const { idempotency: key, content, ...header } = request;
    const { mover, idempotency, conversationRuns, newId } = this.#parts;
    const earlier = this.started(request, now);
    if (earlier) return earlier;
    if (this.#parts.marks.get(marks.closed) === 1)
      return refusal("TOKEN_INVALID", "The client is switched off");
    const excess = tooLarge(header);
    if (excess !== undefined) return refusal("PAYLOAD_TOO_LARGE", `The ${excess} is too large`);
    const wait = this.#parts.allowance.waitOf(header.userId, now);
    if (wait > 0)
      return refusal(
        "RATE_LIMITED",
        `The expressions of your runs take too long; the next may begin in ${wait} s`,
        {
          retry_after: wait,
        },
      );
    if (content && !this.#parts.quota.hasRoom(header.userId, content))
      return refusal("QUOTA_EXCEEDED", undefined, {
        resource: "content",
        period_start: isoTime(content.periodStart),
      });
    const textFuel = this.#parts.fuelOfTexts(header);
    const run = newRun({ ...header, textFuel, id: newId(now), createdAt: now, parent: null });
    const { id } = run.header;
    const started = mover.move(run, { type: "start" }, now, () => {
      if (key) idempotency.put({ ...key, runId: id, outcome: null }, now);
      conversationRuns.note(run.header);
    });
    return success({ correlationId: id, status: (started ?? run).status, created: true });
  }

  /** The run, if it is within the caller's reach. */
  visible(correlationId: string, scope: RunScope): RunState | undefined {
    const run = this.#parts.runs.load(correlationId);
    return run && (scope === "tenant" || run.header.userId === scope.userId) ? run : undefined;
  }

  view(run: RunState): RunView {
    return viewOf(run, this.#parts.runs.childrenOf(run), this.#gates(run));
  }

  /** What it asks people, its own questions first, then those of its child runs. */
  asked(run: RunState): AskedGate[] {
    return this.#gates(run).map((gate) => {
      const asking = gate.correlation_id === run.header.id ? run : this.#parts.runs.load(gate.correlation_id);
      return askedOf(asking ?? run, gate);
    });
  }

  /** All its tasks, each with what it was given and gave. */
  tasks(run: RunState): TaskView[] {
    return taskViewsOf(run, this.#parts.runs.childrenOf(run));
  }

  /** Answers the gate of a run, or of a child run behind it, that the answer is meant for. */
  answer(run: RunState, { idempotency, rights, ...answer }: RunAnswer, now: number): Outcome<DecidedRun> {
    const earlier = this.earlier(idempotency, now);
    if (earlier) return earlier;
    const gate = gateMeant(this.view(run), answer.step);
    if (!gate.ok) return gate;
    const { correlation_id, step, needs } = gate.value;
    if (answer.approved && needs && !mayAllow(rights, needs))
      return refusal("INSUFFICIENT_PERMISSIONS", undefined, { required_permission: needs });
    const asking = this.#parts.runs.load(correlation_id) ?? run;
    return (
      this.#decide(run, asking, { type: "answered", ...answer, step }, idempotency, now) ??
      refusal("CONFLICT", "The run is not waiting for an answer")
    );
  }

  /** Ends a run; one that has ended already refuses. */
  end(
    run: RunState,
    event: Extract<RunEvent, { type: "cancel" | "terminate" }>,
    now: number,
    idempotency?: RequestKey | null,
  ): Outcome<DecidedRun> {
    return (
      this.earlier(idempotency, now) ??
      this.#decide(run, run, event, idempotency, now) ??
      refusal("CONFLICT", "The run has already ended")
    );
  }

  /** What was decided with this key before; undefined when nothing was. */
  earlier(idempotency: RequestKey | null | undefined, now: number): Outcome<DecidedRun> | undefined {
    const known = idempotency && this.#parts.idempotency.find(idempotency.key, now);
    if (!known?.outcome) return undefined;
    return known.bodyDigest === idempotency?.bodyDigest
      ? success({ status: known.outcome, replayed: true })
      : ofAnotherRequest;
  }

  /** Moves a run by what somebody decided, and keeps what came of it for the one it was decided about. */
  #decide(
    run: RunState,
    moving: RunState,
    event: RunEvent,
    idempotency: RequestKey | null | undefined,
    now: number,
  ): Outcome<DecidedRun> | undefined {
    const { id: runId } = run.header;
    let { status } = run;
    const moved = this.#parts.mover.move(moving, event, now, (runs) => {
      status = runs.get(runId)?.status ?? status;
      if (idempotency) this.#parts.idempotency.put({ ...idempotency, runId, outcome: status }, now);
    });
    return moved && success({ status, replayed: false });
  }

  /** Cancels those of the runs that are within the caller's reach; returns their ids. One that this breaks goes on. */
  cancelAll(
    runs: readonly string[],
    scope: RunScope,
    by: { reason: string; userId?: string },
    now: number,
  ): string[] {
    return runs.filter((id) => {
      try {
        const run = this.visible(id, scope);
        return run !== undefined && this.end(run, { type: "cancel", ...by }, now).ok;
      } catch (error) {
        this.#parts.logger.error("a run cannot be cancelled", { run: id, ...errorFields(error) });
        return false;
      }
    });
  }

  /** While its tenant is switched off no run begins. Cancels as many as fit into one call; returns how many go on. */
  setTenantActive(active: boolean, now: number): number {
    const { marks: numbers, runs } = this.#parts;
    numbers.set(marks.closed, active ? 0 : 1);
    if (active) return 0;
    this.cancelAll(runs.activeRuns(cancelSize), "tenant", { reason: "The client was switched off" }, now);
    return runs.countActive();
  }

  /** Lets time pass for the runs whose time has come. One that this breaks is looked at again later and holds up no other. */
  tickDue(now: number): void {
    const { runs, logger } = this.#parts;
    for (const id of runs.dueRuns(now, sweepSize)) {
      try {
        const run = runs.load(id);
        if (run) this.tick(run, now);
      } catch (error) {
        logger.error("time cannot pass for a run", { run: id, ...errorFields(error) });
        runs.postpone(id, now + patienceMs);
      }
    }
  }

  /** Lets time pass for a run. Was that too early, it is looked at again when its time really comes. */
  tick(run: RunState, now: number): void {
    const { runs, leases, mover } = this.#parts;
    const { id } = run.header;
    if (!mover.move(run, { type: "tick", untaken: leases.untakenOf(id) }, now))
      runs.postpone(id, nextWake(run));
  }

  /** Every gate that waits for a person: the run's own, then those of its child runs. */
  #gates(run: RunState): WaitingGate[] {
    if (isFinished(run)) return [];
    const behind = Object.values(run.tasks).flatMap(({ id, waits }) => {
      const childId = waits ? this.#parts.runs.childOf(id) : undefined;
      const child = childId === undefined ? undefined : this.#parts.runs.load(childId);
      return child ? this.#gates(child) : [];
    });
    return [...gatesOf(run), ...behind];
  }
}

const mayAllow = (rights: RunAnswer["rights"], needs: string): boolean =>
  rights !== undefined && hasPermission(rights, needs);

const ofAnotherRequest = refusal("CONFLICT", "This Idempotency-Key belongs to another request");

/** What of a run's header is larger than the object takes. */
function tooLarge(header: Omit<StartRun, "idempotency" | "content">): string | undefined {
  if (jsonBytes(header.plan) > limits.planBytes) return "workflow plan";
  if (jsonBytes(header.input) > limits.inputBytes) return "input";
  if (jsonBytes(header.config) > limits.configBytes) return "config";
  return jsonBytes(header) > limits.headerBytes ? "plan with its child workflows" : undefined;
}
