import { type ChildHeader, inheritedHeader, isChildTask, ownPart } from "#src/engine/child-workflow.ts";
import {
  goesOut,
  type RunHeader,
  type RunState,
  type StepState,
  type TaskState,
} from "#src/engine/run-state.ts";
import type { ChildRun, RunStatus } from "#src/engine/run-view.ts";
import { nextWake } from "#src/engine/tick.ts";
import type { FuelOfTexts } from "#src/providers/index.ts";
import { queueOfTask } from "#src/tasks/index.ts";
import { isMemoryTask } from "../memory/memory-tasks.ts";
import { RunCache } from "./run-cache.ts";

type Body = Omit<RunState, "header" | "steps" | "tasks">;

/** Child runs that a run's view names. */
const maxChildren = 1000;

/** Runs, steps and tasks in the object's SQLite: a row each, so a large run is never rewritten whole. */
export class RunStore {
  readonly #sql: SqlStorage;
  readonly #fuelOfTexts: FuelOfTexts;
  readonly #cache: RunCache;
  /** As they are stored: a child shares the rest with the run above it. */
  readonly #headerBytes = new WeakMap<RunHeader, number>();

  constructor(sql: SqlStorage, fuelOfTexts: FuelOfTexts, cache = new RunCache()) {
    this.#sql = sql;
    this.#fuelOfTexts = fuelOfTexts;
    this.#cache = cache;
  }

  load(id: string): RunState | undefined {
    const cached = this.#cache.get(id);
    if (cached) return cached;
    const [row] = this.#sql
      .exec<{ header: string; body: string; root_id: string | null }>(
        "SELECT header, body, root_id FROM runs JOIN headers ON run_id = id WHERE id = ?",
        id,
      )
      .toArray();
    const header = row && this.#header(row);
    if (!header) return undefined;
    this.#headerBytes.set(header, row.header.length);
    const body: Body = JSON.parse(row.body);
    const run: RunState = { ...body, header, steps: this.#steps(id), tasks: this.#tasks(id) };
    this.remember(run);
    return run;
  }

  /** The run that carries out a task, in its latest attempt. */
  childOf(taskId: string): string | undefined {
    return this.#ids("SELECT id FROM runs WHERE parent_task = ? ORDER BY rowid DESC LIMIT 1", taskId)[0];
  }

  /** A child's row has only its own part of the header: the rest is read from the run above all. */
  #header({ header, root_id }: { header: string; root_id: string | null }): RunHeader | undefined {
    if (root_id === null) {
      const root: RunHeader = JSON.parse(header);
      // A version before did not keep what texts cost.
      return root.textFuel ? root : { ...root, textFuel: this.#fuelOfTexts(root) };
    }
    const own: ChildHeader = JSON.parse(header);
    const root = this.load(root_id)?.header;
    return root && inheritedHeader(root, own);
  }

  #steps(id: string): Record<string, StepState> {
    const rows = this.#sql.exec<{ state: string }>("SELECT state FROM steps WHERE run_id = ?", id).toArray();
    const states: StepState[] = rows.map(({ state }) => JSON.parse(state));
    // As in memory, where they stand in the order in which they began.
    states.sort((a, b) => a.order - b.order);
    return Object.fromEntries(states.map((step) => [step.name, step]));
  }

  #tasks(id: string): Record<string, TaskState> {
    const rows = this.#sql
      .exec<{ state: string }>("SELECT state FROM tasks WHERE run_id = ? ORDER BY rowid", id)
      .toArray();
    const states: TaskState[] = rows.map(({ state }) => JSON.parse(state));
    return Object.fromEntries(states.map((task) => [task.id, task]));
  }

  /**
   * Writes what differs between two states. Call inside a transaction, and `remember` after it.
   * @returns when the run's time comes (epoch milliseconds), if it waits for any
   */
  save(before: RunState, after: RunState, now: number): number | null {
    const { header, steps, tasks, ...body } = after;
    const wakeAt = nextWake(after);
    const values = [after.status, JSON.stringify(body), wakeAt, after.completedAt, header.id];
    if (before.revision === 0) {
      const { parent } = header;
      this.#sql.exec(
        `INSERT INTO runs (status, body, wake_at, completed_at, id, user_id, instance_id, parent_task, root_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...values,
        header.userId,
        header.instanceId,
        parent?.taskId ?? null,
        parent?.rootId ?? null,
      );
      const stored = JSON.stringify(parent ? ownPart(header) : header);
      this.#headerBytes.set(header, stored.length);
      this.#sql.exec("INSERT INTO headers (run_id, header) VALUES (?, ?)", header.id, stored);
    } else {
      this.#sql.exec(
        "UPDATE runs SET status = ?, body = ?, wake_at = ?, completed_at = ? WHERE id = ?",
        ...values,
      );
    }
    for (const step of Object.values(steps)) {
      if (before.steps[step.name] === step) continue;
      this.#sql.exec(
        "INSERT OR REPLACE INTO steps (run_id, name, state) VALUES (?, ?, ?)",
        header.id,
        step.name,
        JSON.stringify(step),
      );
    }
    for (const task of Object.values(tasks)) {
      if (before.tasks[task.id] !== task) this.#saveTask(header, before.tasks[task.id], task, now);
    }
    return wakeAt;
  }

  /** A task that has just gone out is due for sending; one that is over needs none. */
  #saveTask(header: RunHeader, before: TaskState | undefined, task: TaskState, now: number): void {
    const isOut = task.status === "dispatched";
    // A child run is in this object already: there is nothing to send.
    const isDue = goesOut(before, task) && !isChildTask(task);
    const state = JSON.stringify(task);
    if (!before) {
      this.#sql.exec(
        "INSERT INTO tasks (id, run_id, topic, user_id, queue, state, send_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        task.id,
        header.id,
        task.topic,
        header.userId,
        isMemoryTask(task) ? "here" : queueOfTask(task.topic, header.lane, header.agents),
        state,
        isDue ? now : null,
      );
    } else if (isDue || !isOut) {
      this.#sql.exec(
        "UPDATE tasks SET state = ?, send_at = ?, claimed_until = NULL, deliveries = 0 WHERE id = ?",
        state,
        isDue ? now : null,
        task.id,
      );
    } else {
      this.#sql.exec("UPDATE tasks SET state = ? WHERE id = ?", state, task.id);
    }
  }

  remember(run: RunState): void {
    this.#cache.put(run, this.#headerBytes.get(run.header) ?? 0);
  }

  /** Has a run's time come later, without a change of its state. */
  postpone(id: string, wakeAt: number): void {
    this.#sql.exec("UPDATE runs SET wake_at = ? WHERE id = ?", wakeAt, id);
  }

  /** Runs whose `tick` is due. */
  dueRuns(now: number, limit: number): string[] {
    return this.#ids("SELECT id FROM runs WHERE wake_at <= ? ORDER BY wake_at LIMIT ?", now, limit);
  }

  /** Runs of an instance that go on, without the children of others. */
  activeRunsOf(instanceId: string): string[] {
    return this.#ids(
      `SELECT id FROM runs WHERE instance_id = ? AND status IN ('pending', 'running', 'paused')
       AND root_id IS NULL`,
      instanceId,
    );
  }

  /** Runs of a user that go on, without the children of others. */
  activeRunsOfUser(userId: string): string[] {
    return this.#ids(
      `SELECT id FROM runs WHERE status IN ('pending', 'running', 'paused') AND root_id IS NULL
       AND user_id = ?`,
      userId,
    );
  }

  /** Runs that go on, without the children of others. */
  activeRuns(limit: number): string[] {
    return this.#ids(
      "SELECT id FROM runs WHERE status IN ('pending', 'running', 'paused') AND root_id IS NULL LIMIT ?",
      limit,
    );
  }

  countActive(): number {
    return this.#sql
      .exec<{ n: number }>(
        "SELECT count(*) AS n FROM runs WHERE status IN ('pending', 'running', 'paused') AND root_id IS NULL",
      )
      .one().n;
  }

  /** The runs that carry out a run's tasks, oldest first. */
  childrenOf({ header, tasks }: RunState): ChildRun[] {
    if (!Object.values(tasks).some(isChildTask)) return [];
    return this.#sql
      .exec<{ id: string; status: RunStatus; own: string; step: string; key: string }>(
        `SELECT child.id, child.status, headers.header AS own,
           task.state ->> 'stepName' AS step, task.state ->> 'key' AS key
         FROM tasks AS task JOIN runs AS child ON child.parent_task = task.id JOIN headers ON headers.run_id = child.id
         WHERE task.run_id = ? ORDER BY child.rowid LIMIT ?`,
        header.id,
        maxChildren,
      )
      .toArray()
      .map(({ id, status, own, step, key }) => {
        const { parent }: ChildHeader = JSON.parse(own);
        const { workflow = "", attempt = 1 } = parent ?? {};
        return { correlation_id: id, workflow, step, task: key, attempt, status };
      });
  }

  /** Child runs of a run, at any depth. */
  descendantsOf(runId: string): string[] {
    return this.#ids("SELECT id FROM runs WHERE root_id = ?", runId);
  }

  /** Runs that ended before a time, without the children of others, oldest first. */
  endedBefore(time: number, limit: number): string[] {
    return this.#ids(
      `SELECT id FROM runs WHERE completed_at IS NOT NULL AND root_id IS NULL AND completed_at < ?
       ORDER BY completed_at LIMIT ?`,
      time,
      limit,
    );
  }

  /** Removes a run and its children with all they have. */
  remove(runId: string): void {
    for (const id of [...this.descendantsOf(runId), runId]) {
      this.#sql.exec("DELETE FROM tasks WHERE run_id = ?", id);
      this.#sql.exec("DELETE FROM steps WHERE run_id = ?", id);
      this.#sql.exec("DELETE FROM headers WHERE run_id = ?", id);
      this.#sql.exec("DELETE FROM runs WHERE id = ?", id);
      this.#cache.forget(id);
    }
  }

  #ids(query: string, ...values: SqlStorageValue[]): string[] {
    return this.#sql
      .exec<{ id: string }>(query, ...values)
      .toArray()
      .map(({ id }) => id);
  }
}
