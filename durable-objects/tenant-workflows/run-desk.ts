import { type Outcome, refusal, success } from "../../src/http/outcome.ts";
import { errorFields, type Logger } from "../../src/observability/logger.ts";
import { pausesOf, type RunEvent } from "../../src/workflows/engine.ts";
import { jsonBytes, limits } from "../../src/workflows/limits.ts";
import { viewOf } from "../../src/workflows/run-projection.ts";
import { isFinished, newRun, type RunState } from "../../src/workflows/run-state.ts";
import type { RunStatus, RunView } from "../../src/workflows/run-view.ts";
import type { RunScope, StartedRun, StartRun } from "../../src/workflows/tenant-workflows-api.ts";
import type { Idempotency } from "./idempotency.ts";
import { type Marks, marks } from "./marks.ts";
import type { RunMover } from "./run-mover.ts";
import type { RunStore } from "./run-store.ts";
import type { TaskLeases } from "./task-leases.ts";

/** Runs that time passes for at once. */
const sweepSize = 100;

/** When a run is looked at again that could not be moved. */
const patienceMs = 60_000;

/** Runs that one call cancels. */
const cancelSize = 200;

interface Parts {
  /** Makes the id of a new run. */
  newId(now: number): string;
  runs: RunStore;
  leases: TaskLeases;
  mover: RunMover;
  idempotency: Idempotency;
  marks: Marks;
  logger: Logger;
}

/** Where runs are started, answered and ended. Times in epoch milliseconds. */
export class RunDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  start({ idempotency: key, ...header }: StartRun, now: number): Outcome<StartedRun> {
    const { runs, mover, idempotency, newId } = this.#parts;
    const known = key && idempotency.find(key.key, now);
    if (known && known.bodyDigest !== key.bodyDigest) {
      return refusal("CONFLICT", "This Idempotency-Key belongs to another request");
    }
    const earlier = known && runs.load(known.runId);
    if (earlier) return success({ correlationId: earlier.header.id, status: earlier.status, created: false });
    if (this.#parts.marks.get(marks.closed) === 1)
      return refusal("TOKEN_INVALID", "The client is switched off");
    const excess = tooLarge(header);
    if (excess !== undefined) return refusal("PAYLOAD_TOO_LARGE", `The ${excess} is too large`);
    const run = newRun({ ...header, id: newId(now), createdAt: now, parent: null });
    const { id } = run.header;
    const started = mover.move(run, { type: "start" }, now, () => {
      if (key) idempotency.put({ ...key, runId: id }, now);
    });
    return success({ correlationId: id, status: (started ?? run).status, created: true });
  }

  /** The run, if it is within the caller's reach. */
  visible(correlationId: string, scope: RunScope): RunState | undefined {
    const run = this.#parts.runs.load(correlationId);
    return run && (scope === "tenant" || run.header.userId === scope.userId) ? run : undefined;
  }

  view(run: RunState): RunView {
    return viewOf(run, this.#parts.runs.childrenOf(run));
  }

  /** Answers the pause of a run, or that of a child run behind it. */
  answer(
    run: RunState,
    answer: { approved: boolean; feedback?: string; userId: string; step?: string },
    now: number,
  ): Outcome<{ status: RunStatus }> {
    const asking = this.#asking(run, answer.step);
    const moved = asking && this.#parts.mover.move(asking, { type: "answered", ...answer }, now);
    if (!moved) return refusal("CONFLICT", "The run is not waiting for an answer");
    return success({ status: (this.#parts.runs.load(run.header.id) ?? moved).status });
  }

  /** Ends a run; one that has ended already refuses. */
  end(
    run: RunState,
    event: Extract<RunEvent, { type: "cancel" | "terminate" }>,
    now: number,
  ): Outcome<{ status: RunStatus }> {
    const moved = this.#parts.mover.move(run, event, now);
    return moved ? success({ status: moved.status }) : refusal("CONFLICT", "The run has already ended");
  }

  /** Cancels those of the runs that are within the caller's reach; returns their ids. */
  cancelAll(runs: readonly string[], scope: RunScope, reason: string, now: number): string[] {
    return runs.filter((id) => {
      const run = this.visible(id, scope);
      return run !== undefined && this.end(run, { type: "cancel", reason }, now).ok;
    });
  }

  /** While its tenant is switched off no run begins. Cancels as many as fit into one call; returns how many go on. */
  setTenantActive(active: boolean, now: number): number {
    const { marks: numbers, runs } = this.#parts;
    numbers.set(marks.closed, active ? 0 : 1);
    if (active) return 0;
    this.cancelAll(runs.activeRuns(cancelSize), "tenant", "The client was switched off", now);
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

  /** Lets time pass for a run. */
  tick(run: RunState, now: number): void {
    const unsent = this.#parts.leases.unsentOf(run.header.id);
    this.#parts.mover.move(run, { type: "tick", unsent }, now);
  }

  /** Which run waits for the answer: this one, or the first child run that does. */
  #asking(run: RunState, step: string | undefined): RunState | undefined {
    if (isFinished(run)) return undefined;
    if (pausesOf(run).some(({ name }) => step === undefined || name === step)) return run;
    for (const { id, waits } of Object.values(run.tasks)) {
      const childId = waits ? this.#parts.runs.childOf(id) : undefined;
      const child = childId === undefined ? undefined : this.#parts.runs.load(childId);
      const asking = child && this.#asking(child, step);
      if (asking) return asking;
    }
    return undefined;
  }
}

/** What of a run's header is larger than the object takes. */
function tooLarge(header: Omit<StartRun, "idempotency">): string | undefined {
  if (jsonBytes(header.plan) > limits.planBytes) return "workflow plan";
  if (jsonBytes(header.input) > limits.inputBytes) return "input";
  if (jsonBytes(header.config) > limits.configBytes) return "config";
  return jsonBytes(header) > limits.headerBytes ? "plan with its child workflows" : undefined;
}
