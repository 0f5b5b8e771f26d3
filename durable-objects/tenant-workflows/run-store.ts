import { nextWake } from "../../src/workflows/engine.ts";
import { isFinished, type RunState, type StepState, type TaskState } from "../../src/workflows/run-state.ts";

type Body = Omit<RunState, "header" | "steps" | "tasks">;

/** Active runs kept in memory; more than this and the oldest are read again when needed. */
const mostCached = 500;

/** Runs, steps and tasks in the object's SQLite: a row each, so a large run is never rewritten whole. */
export class RunStore {
  readonly #sql: SqlStorage;
  readonly #cache = new Map<string, RunState>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  load(id: string): RunState | undefined {
    const cached = this.#cache.get(id);
    if (cached) return cached;
    const [row] = this.#sql
      .exec<{ header: string; body: string }>("SELECT header, body FROM runs WHERE id = ?", id)
      .toArray();
    if (!row) return undefined;
    const body: Body = JSON.parse(row.body);
    const steps: Record<string, StepState> = {};
    for (const { state } of this.#sql.exec<{ state: string }>(
      "SELECT state FROM steps WHERE run_id = ?",
      id,
    )) {
      const step: StepState = JSON.parse(state);
      steps[step.name] = step;
    }
    const tasks: Record<string, TaskState> = {};
    for (const { state } of this.#sql.exec<{ state: string }>(
      "SELECT state FROM tasks WHERE run_id = ? ORDER BY rowid",
      id,
    )) {
      const task: TaskState = JSON.parse(state);
      tasks[task.id] = task;
    }
    const run: RunState = { ...body, header: JSON.parse(row.header), steps, tasks };
    this.remember(run);
    return run;
  }

  /** Writes what differs between two states. Call inside a transaction, and `remember` after it. */
  save(before: RunState, after: RunState, now: number): void {
    const { header, steps, tasks, ...body } = after;
    const values = [after.status, JSON.stringify(body), nextWake(after), header.id];
    if (before.revision === 0) {
      this.#sql.exec(
        "INSERT INTO runs (status, body, wake_at, id, user_id, instance_id, header) VALUES (?, ?, ?, ?, ?, ?, ?)",
        ...values,
        header.userId,
        header.instanceId,
        JSON.stringify(header),
      );
    } else {
      this.#sql.exec("UPDATE runs SET status = ?, body = ?, wake_at = ? WHERE id = ?", ...values);
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
      if (before.tasks[task.id] !== task) this.#saveTask(header.id, before.tasks[task.id], task, now);
    }
  }

  /** A task that has just gone out is due for sending; one that is over needs none. */
  #saveTask(runId: string, before: TaskState | undefined, task: TaskState, now: number): void {
    const isOut = task.status === "dispatched";
    const goesOut = isOut && (before?.status !== "dispatched" || before.attempt !== task.attempt);
    const state = JSON.stringify(task);
    if (!before) {
      this.#sql.exec(
        "INSERT INTO tasks (id, run_id, state, send_at) VALUES (?, ?, ?, ?)",
        task.id,
        runId,
        state,
        goesOut ? now : null,
      );
    } else if (goesOut || !isOut) {
      this.#sql.exec(
        "UPDATE tasks SET state = ?, send_at = ?, claimed_until = NULL, deliveries = 0 WHERE id = ?",
        state,
        goesOut ? now : null,
        task.id,
      );
    } else {
      this.#sql.exec("UPDATE tasks SET state = ? WHERE id = ?", state, task.id);
    }
  }

  remember(run: RunState): void {
    this.#cache.delete(run.header.id);
    if (isFinished(run)) return;
    this.#cache.set(run.header.id, run);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > mostCached && oldest !== undefined) this.#cache.delete(oldest);
  }

  /** Runs whose `tick` is due. */
  dueRuns(now: number, limit: number): string[] {
    return this.#sql
      .exec<{ id: string }>("SELECT id FROM runs WHERE wake_at <= ? ORDER BY wake_at LIMIT ?", now, limit)
      .toArray()
      .map(({ id }) => id);
  }

  activeRunsOf(instanceId: string): string[] {
    return this.#sql
      .exec<{ id: string }>(
        "SELECT id FROM runs WHERE instance_id = ? AND status IN ('pending', 'running', 'paused')",
        instanceId,
      )
      .toArray()
      .map(({ id }) => id);
  }
}
