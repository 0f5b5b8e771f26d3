import {
  childHeader,
  isChildTask,
  outputOfChild,
  usedSince,
  workflowOfTopic,
} from "#src/engine/child-workflow.ts";
import { advance } from "#src/engine/engine.ts";
import { maxAtOnce, tooLongAtOnce } from "#src/engine/expressions/expression-budget.ts";
import type { Effect } from "#src/engine/run-draft.ts";
import type { RunEvent } from "#src/engine/run-event.ts";
import { isFinished, newRun, type ParentTask, type RunState, type TaskState } from "#src/engine/run-state.ts";
import { eventsOfLines, lineOfAttempt, lineOfBeginning, lineOfEnd } from "#src/objects/log-lines.ts";
import { copyOf, eventOf, statusChangeOf, usageOf, workflowUseOf } from "#src/objects/run-projection.ts";
import type { Alarm } from "../alarm.ts";
import type { ChangeSignal } from "../change-signal.ts";
import type { EndedTurns } from "../delivery/ended-turns.ts";
import type { ReadModelOutbox } from "../delivery/read-model-outbox.ts";
import type { EventLog } from "../event-log.ts";
import type { NewEvent } from "../event-rows.ts";
import type { Attempts } from "../history/attempts.ts";
import type { RunHistory } from "../history/run-history.ts";
import { isMemoryTask, type MemoryTasks } from "../memory/memory-tasks.ts";
import type { RunChange } from "./count-change.ts";
import type { ExpressionAllowance } from "./expression-allowance.ts";
import type { RunStore } from "./run-store.ts";

interface Parts {
  /** Makes the id of a new run. */
  newId(now: number): string;
  storage: Pick<DurableObjectStorage, "transactionSync">;
  runs: RunStore;
  log: EventLog;
  outbox: ReadModelOutbox;
  endedTurns: EndedTurns;
  history: RunHistory;
  attempts: Attempts;
  alarm: Alarm;
  changes: ChangeSignal;
  memory: MemoryTasks;
  allowance: ExpressionAllowance;
  /** Told of every change, once it is written: for who counts and traces. */
  observe(change: RunChange, now: number): void;
}

/** What the moves that one event leads to have done together. */
interface Block {
  /** The run that was to be moved. */
  runId: string;
  performed: number;
  /** Of expressions, in looks. */
  work: number;
  /** What whoever completes a task of that run takes next; undefined once it has one. */
  takes: Extract<RunEvent, { type: "task_completed" }>["takes"];
  /** What is told of them. */
  events: NewEvent[];
  /** What is told of the persona whose they are. */
  ofPersona: NewEvent[];
}

interface Move {
  run: RunState;
  event: RunEvent;
}

const noUsage = { tokensIn: 0, tokensOut: 0, costMicros: 0, durationMs: 0 };

/** Memory tasks done on the spot by one event; more of them take turns with whatever else the object is asked for. */
const maxPerformed = 5;

/** Errors of a child run that another attempt would only meet again. */
const nonRetryable = [
  "INSUFFICIENT_FUEL",
  "WORKFLOW_INVALID",
  "WORKFLOW_REJECTED",
  "PAYLOAD_TOO_LARGE",
  "TERMINATED",
];

/** Applies events to runs: engine, then state, events and copies in one transaction, with all that follows in other runs. */
export class RunMover {
  readonly #parts: Parts;

  readonly #engine: typeof advance;

  /** @param engine another one only in tests that show what a broken one does */
  constructor(parts: Parts, engine = advance) {
    this.#parts = parts;
    this.#engine = engine;
  }

  /**
   * The run after the event; undefined when the event changed nothing.
   * @param also writes more in the same transaction; is given the runs that have moved
   */
  move(
    run: RunState,
    event: RunEvent,
    now: number,
    also?: (moved: ReadonlyMap<string, RunState>) => void,
  ): RunState | undefined {
    const { storage, runs, log, changes, alarm, allowance, observe } = this.#parts;
    const moved = new Map<string, RunState>();
    const made: RunChange[] = [];
    let wakeAt = Number.POSITIVE_INFINITY;
    storage.transactionSync(() => {
      const moves: Move[] = [{ run, event }];
      const takes = event.type === "task_completed" ? event.takes : undefined;
      const block: Block = { runId: run.header.id, performed: 0, work: 0, takes, events: [], ofPersona: [] };
      for (let next = moves.shift(); next; next = moves.shift()) {
        if (!isStillWanted(next, moved)) continue;
        const before = moved.get(next.run.header.id) ?? next.run;
        const { state, effects, applied } = this.#engine(
          before,
          next.event,
          now,
          this.#fuelAbove(before, moved),
        );
        if (!applied) continue;
        moved.set(state.header.id, state);
        made.push({ before, after: state, isStart: next.event.type === "start" });
        const work = workOf(state) - workOf(before);
        block.work += work;
        allowance.spend(state.header.userId, work, now);
        wakeAt = Math.min(wakeAt, runs.save(before, state, now) ?? wakeAt);
        if (next.event.type === "start") this.#noteUse(state);
        // In front of what waits: nothing that ends a task meanwhile can overtake what it has used.
        moves.unshift(
          ...this.#chargeParent(before, state, moved),
          ...this.#tellParent(before, state, moved),
          ...effects.flatMap((effect) => this.#carryOut(state, effect, block, now)),
        );
        if (state.header.parent === null && before.status !== state.status)
          this.#noteStatus(before, state, block);
      }
      // In the row of what has led to it: one of its own would cost as much again.
      const beside = block.events.at(-1)?.entity_id;
      const changes = made.flatMap(({ before, after }) => statusChangeOf(before, after, event) ?? []);
      const ofPersona = [...block.ofPersona, ...changes].map((told) => ({ ...told, beside }));
      log.append([...block.events, ...ofPersona], now);
      if (moved.size > 0) also?.(moved);
    });
    for (const change of made) observe(change, now);
    if (Number.isFinite(wakeAt)) alarm.expect(wakeAt, now);
    for (const state of moved.values()) {
      runs.remember(state);
      changes.touch(state.header.id);
    }
    return moved.get(run.header.id);
  }

  /** In between, whoever wants to know how a run stands asks the run. */
  #noteStatus(before: RunState, state: RunState, block: Block): void {
    const { history, outbox, endedTurns, memory } = this.#parts;
    endedTurns.note(state);
    memory.noteOutcome(state);
    const copy = copyOf(state);
    history.put(copy);
    outbox.put(copy);
    const begins = before.status === "pending" ? lineOfBeginning(copy) : undefined;
    block.ofPersona.push(...eventsOfLines(state.header, begins, lineOfEnd(copy)));
  }

  #noteUse({ header }: RunState): void {
    const use = workflowUseOf(header);
    if (use) this.#parts.outbox.put(use);
  }

  /** Writes one of a run's effects; gives what follows from it at once. */
  #carryOut(run: RunState, effect: Effect, block: Block, now: number): Move[] {
    const { memory, attempts } = this.#parts;
    switch (effect.type) {
      case "emit": {
        const entry = eventOf(run, effect);
        if (entry) block.events.push(entry);
        return [];
      }
      case "usage": {
        const usage = usageOf(run, effect, now);
        attempts.put(usage);
        block.ofPersona.push(...eventsOfLines(run.header, lineOfAttempt(usage)));
        return [];
      }
      case "remember":
        memory.rememberStep(run, effect.stepName, now);
        return [];
      case "cancel_child":
        return this.#cancelChild(effect.taskId);
      case "dispatch": {
        const task = run.tasks[effect.taskId];
        if (task?.status !== "dispatched") return [];
        if (isChildTask(task)) return [this.#startChild(run, task, block, now)];
        if (isMemoryTask(task) && memory.isImmediate(task) && block.performed++ < maxPerformed)
          return [this.#performed(run, task, now, run.header.id === block.runId ? block.takes : undefined)];
        return [];
      }
      case "claim":
        block.takes = undefined;
        return [];
    }
  }

  /** Carries out a memory task that has waited for its turn; gives the run after it. */
  perform(run: RunState, task: TaskState, now: number): RunState | undefined {
    return this.#parts.storage.transactionSync(() => {
      const { event } = this.#performed(run, task, now);
      return this.move(run, event, now);
    });
  }

  /** A memory task is done on the spot: the memory lies in this object. */
  #performed(run: RunState, task: TaskState, now: number, takes?: Block["takes"]): Move {
    const { storage, memory } = this.#parts;
    try {
      const output = storage.transactionSync(() => memory.perform(run, task, now));
      const { id: taskId, attempt } = task;
      const result = { output, usage: noUsage };
      return { run, event: { type: "task_completed", taskId, attempt, result, takes } };
    } catch (thrown) {
      // The run must not stand still because a memory cannot be kept or found.
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      return { run, event: failureOf(task, "MEMORY_FAILED", message) };
    }
  }

  #startChild(run: RunState, task: TaskState, { work }: Block, now: number): Move {
    if (work > maxAtOnce) return { run, event: failureOf(task, "WORKFLOW_EXPRESSION", tooLongAtOnce) };
    const header = childHeader(run, task, { id: this.#parts.newId(now), createdAt: now });
    if (header) return { run: newRun(header), event: { type: "start" } };
    const message = `The workflow ${workflowOfTopic(task.topic)} is not there, or nested too deep`;
    return { run, event: failureOf(task, "WORKFLOW_INVALID", message) };
  }

  #cancelChild(taskId: string): Move[] {
    const { runs } = this.#parts;
    const id = runs.childOf(taskId);
    const child = id === undefined ? undefined : runs.load(id);
    return child ? [{ run: child, event: { type: "cancel", reason: "Not wanted any more" } }] : [];
  }

  /** A child run that ends is reported like any other task; that it waits for a person shows in its parent. */
  #tellParent(before: RunState, child: RunState, moved: ReadonlyMap<string, RunState>): Move[] {
    const { parent } = child.header;
    const run = parent && (moved.get(parent.runId) ?? this.#parts.runs.load(parent.runId));
    if (!run) return [];
    if (isFinished(child)) return [{ run, event: reportOf(child, parent) }];
    const [waited, waits] = [before.status === "paused", child.status === "paused"];
    const { taskId, attempt } = parent;
    return waited === waits ? [] : [{ run, event: { type: "child_waits", taskId, attempt, waits } }];
  }

  /** Fuel that a child run may take beside what it holds: what is left in all the runs above it. */
  #fuelAbove({ header: { parent }, fuel }: RunState, moved: ReadonlyMap<string, RunState>): number {
    const run = parent && (moved.get(parent.runId) ?? this.#parts.runs.load(parent.runId));
    if (!run) return Number.POSITIVE_INFINITY;
    const left = run.fuel.budget - run.fuel.reserved - run.fuel.spent;
    // A version before had the whole of a child's budget held for it.
    const heldForIt = (run.tasks[parent.taskId]?.fuelReserved ?? fuel.reserved) - fuel.reserved;
    return heldForIt + Math.min(left, this.#fuelAbove(run, moved));
  }

  /** What a child run has used is charged to the task that waits for it, and so on up. */
  #chargeParent(before: RunState, child: RunState, moved: ReadonlyMap<string, RunState>): Move[] {
    const { parent } = child.header;
    const used = parent && usedSince(before, child);
    const run = used && (moved.get(parent.runId) ?? this.#parts.runs.load(parent.runId));
    if (!run) return [];
    const { taskId, attempt } = parent;
    return [{ run, event: { type: "child_used", taskId, attempt, used } }];
  }
}

const workOf = ({ expressionWork = 0 }: RunState): number => expressionWork;

/** A failure that another attempt would only meet again. */
const failureOf = ({ id: taskId, attempt }: TaskState, code: string, message: string): RunEvent => ({
  type: "task_failed",
  taskId,
  attempt,
  failure: { error: { code, message, retryable: false } },
});

/** A child run does not begin any more when its task has ended between its dispatch and now. */
function isStillWanted({ run, event }: Move, moved: ReadonlyMap<string, RunState>): boolean {
  const { parent } = run.header;
  if (event.type !== "start" || !parent) return true;
  const task = moved.get(parent.runId)?.tasks[parent.taskId];
  return task?.status === "dispatched" && task.attempt === parent.attempt;
}

/** How a child run has ended; what it used has been told as it went. */
function reportOf(child: RunState, { taskId, attempt }: ParentTask): RunEvent {
  if (child.status === "completed") {
    const result = { output: outputOfChild(child), usage: noUsage, fuelUsed: 0 };
    return { type: "task_completed", taskId, attempt, result };
  }
  const error = child.error ?? { code: "CANCELLED", message: "The child run was cancelled" };
  const retryable = child.status === "failed" && !nonRetryable.includes(error.code);
  return { type: "task_failed", taskId, attempt, failure: { error: { ...error, retryable } } };
}
