import { advance, type RunEvent } from "../../src/workflows/engine.ts";
import type { Effect } from "../../src/workflows/run-draft.ts";
import { copyOf, usageOf } from "../../src/workflows/run-projection.ts";
import { isFinished, type RunState } from "../../src/workflows/run-state.ts";
import type { EventLog } from "./event-log.ts";
import { isLocal, performLocally, rememberStep } from "./local-tasks.ts";
import type { MemoryStore } from "./memory-store.ts";
import type { ReadModelOutbox } from "./read-model-outbox.ts";
import type { RunStore } from "./run-store.ts";

interface Parts {
  storage: DurableObjectStorage;
  runs: RunStore;
  log: EventLog;
  outbox: ReadModelOutbox;
  memory: MemoryStore;
}

const noUsage = { tokensIn: 0, tokensOut: 0, costMicros: 0, durationMs: 0 };

/** Applies events to runs: engine, then state, events and copies in one transaction. */
export class RunMover {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The run after the event; undefined when the event changed nothing. `also` is written in the same transaction. */
  move(run: RunState, event: RunEvent, now: number, also?: () => void): RunState | undefined {
    const { storage, runs, log, outbox } = this.#parts;
    const moved = storage.transactionSync(() => {
      const first = advance(run, event, now);
      if (!first.applied) return undefined;
      const { state, effects } = this.#withLocalTasks(first.state, first.effects, now);
      runs.save(run, state, now);
      for (const effect of effects) this.#apply(state, effect, now);
      if (isCopyWorthy(run, state)) outbox.put(`run:${state.header.id}`, state.revision, copyOf(state));
      const { header } = state;
      for (const effect of effects) {
        if (effect.type !== "emit") continue;
        const data = { correlation_id: header.id, instance_id: header.instanceId, ...effect.data };
        log.append({ event: effect.event, entity_id: header.id, owner_user_id: header.userId, data }, now);
      }
      also?.();
      return state;
    });
    if (moved) runs.remember(moved);
    return moved;
  }

  /** Memory tasks are done on the spot: the memory lies in this object. */
  #withLocalTasks(
    state: RunState,
    effects: readonly Effect[],
    now: number,
  ): { state: RunState; effects: Effect[] } {
    const all = [...effects];
    let run = state;
    for (let index = 0; index < all.length; index++) {
      const effect = all[index];
      const task = effect?.type === "dispatch" ? run.tasks[effect.taskId] : undefined;
      if (task?.status !== "dispatched" || !isLocal(task)) continue;
      const result = { output: performLocally(run, task, this.#parts.memory, now), usage: noUsage };
      const next = advance(
        run,
        { type: "task_completed", taskId: task.id, attempt: task.attempt, result },
        now,
      );
      run = next.state;
      all.push(...next.effects);
    }
    return { state: run, effects: all };
  }

  #apply(run: RunState, effect: Effect, now: number): void {
    if (effect.type === "usage") {
      const record = usageOf(run, effect, now);
      this.#parts.outbox.put(`usage:${record.id}`, 1, record);
    } else if (effect.type === "remember") {
      rememberStep(run, effect.stepName, this.#parts.memory, now);
    }
  }
}

/** Read models need no copy for every task of a fan-out: only when what they show has changed. */
const isCopyWorthy = (before: RunState, after: RunState): boolean =>
  before.status !== after.status ||
  isFinished(after) ||
  Object.keys(before.steps).length !== Object.keys(after.steps).length;
