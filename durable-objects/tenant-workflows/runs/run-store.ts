import { type ChildHeader, inheritedHeader, isChildTask, ownPart } from "#src/engine/child-workflow.ts";
import { isFinished, type RunHeader, type RunState, type StepState } from "#src/engine/run-state.ts";
import type { ChildRun, RunStatus } from "#src/engine/run-view.ts";
import { nextWake } from "#src/engine/tick.ts";
import type { FuelOfTexts } from "#src/providers/index.ts";
import type { TaskRows } from "../tasks/task-rows.ts";
import { ofRun } from "../tasks/tasks-of-run.ts";
import { bodyOf, foldedBody, type RunBody, unfoldedSteps } from "./run-body.ts";
import { RunCache } from "./run-cache.ts";
import { isWakeNews } from "./wake-news.ts";

/** Child runs that a run's view names. */
const maxChildren = 1000;

/**
 * Runs in the object's SQLite: while one goes on, a row for itself and each of its steps and tasks, so that a large run
 * is never rewritten whole; when it has ended, one row with everything but its header.
 */
export class RunStore {
  readonly #sql: SqlStorage;
  readonly #fuelOfTexts: FuelOfTexts;
  readonly #tasks: TaskRows;
  readonly #cache: RunCache;
  /** As they are stored: a child shares the rest with the run above it. */
  readonly #headerBytes = new WeakMap<RunHeader, number>();

  constructor(sql: SqlStorage, fuelOfTexts: FuelOfTexts, tasks: TaskRows, cache = new RunCache()) {
    this.#sql = sql;
    this.#fuelOfTexts = fuelOfTexts;
    this.#tasks = tasks;
    this.#cache = cache;
  }

  load(id: string): RunState | undefined {
    const cached = this.#cache.get(id);
    if (cached) return cached;
    const run = this.#read(id);
    if (run) this.remember(run);
    return run;
  }

  /** A run if it is in memory, which costs nothing; one that is not may be in storage. */
  inMemory(id: string): RunState | undefined {
    return this.#cache.get(id);
  }

  #read(id: string): RunState | undefined {
    const [row] = this.#sql
      .exec<{ header: string; body: string; root_id: string | null }>(
        "SELECT header, body, root_id FROM runs JOIN headers ON run_id = id WHERE id = ?",
        id,
      )
      .toArray();
    const header = row && this.#header(row);
    if (!header) return undefined;
    this.#headerBytes.set(header, row.header.length);
    const body: RunBody = JSON.parse(row.body);
    const { steps: folded, tasks = this.#tasks.of(id) } = body;
    const steps = folded ? unfoldedSteps(folded, tasks) : this.#steps(id);
    return { ...body, header, steps, tasks };
  }

  /** Whether a run is here, without reading it. */
  has(id: string): boolean {
    return this.#ids("SELECT id FROM runs WHERE id = ?", id).length > 0;
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

  /**
   * Writes what differs between two states. Call inside a transaction, and `remember` after it.
   * @returns when the run's time comes (epoch milliseconds), if it waits for any
   */
  save(before: RunState, after: RunState, now: number): number | null {
    const folded = isFinished(after) ? foldedBody(after) : undefined;
    const body = folded ?? bodyOf(after);
    const wakeAt = nextWake(after);
    if (before.revision === 0) this.#insert(after, body, wakeAt);
    else
      this.#update(before, after, body, isWakeNews(nextWake(before), wakeAt, now) ? { wakeAt } : undefined);
    if (folded === undefined) {
      this.#saveSteps(before.steps, after);
      this.#tasks.save(before.tasks, after, now);
    } else if (before.revision > 0) this.#dropParts(after.header.id);
    return wakeAt;
  }

  #insert({ header, status, completedAt }: RunState, body: string, wakeAt: number | null): void {
    const { id, userId, instanceId, parent } = header;
    this.#sql.exec(
      `INSERT INTO runs (id, status, body, wake_at, ended_at, user_id, instance_id, parent_task, root_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      status,
      body,
      wakeAt,
      completedAt,
      userId,
      instanceId,
      parent?.taskId ?? null,
      parent?.rootId ?? null,
    );
    const stored = JSON.stringify(parent ? ownPart(header) : header);
    this.#headerBytes.set(header, stored.length);
    this.#sql.exec("INSERT INTO headers (run_id, header) VALUES (?, ?)", id, stored);
  }

  /** A column that is named costs the entries of its indexes, changed or not: so only those are that must be. */
  #update(
    before: RunState,
    { header, status, completedAt }: RunState,
    body: string,
    wake: { wakeAt: number | null } | undefined,
  ): void {
    const changes = [
      ["body", body] as const,
      ...(status === before.status ? [] : [["status", status] as const]),
      ...(wake ? [["wake_at", wake.wakeAt] as const] : []),
      ...(completedAt === null ? [] : [["ended_at", completedAt] as const]),
    ];
    this.#sql.exec(
      `UPDATE runs SET ${changes.map(([column]) => `${column} = ?`).join(", ")} WHERE id = ?`,
      ...changes.map(([, value]) => value),
      header.id,
    );
  }

  #saveSteps(before: RunState["steps"], { header, steps }: RunState): void {
    for (const step of Object.values(steps)) {
      if (before[step.name] === step) continue;
      this.#sql.exec(
        "INSERT OR REPLACE INTO steps (run_id, name, state) VALUES (?, ?, ?)",
        header.id,
        step.name,
        JSON.stringify(step),
      );
    }
  }

  #dropParts(id: string): void {
    this.#tasks.remove(id);
    this.#sql.exec("DELETE FROM steps WHERE run_id = ?", id);
  }

  /**
   * Folds runs that an earlier build has ended, with their children, as if this one had. Call inside a transaction.
   * One that cannot be read stays as it is, but for the time of its end.
   */
  foldEnded(limit: number): void {
    const query = `SELECT id FROM runs WHERE completed_at IS NOT NULL AND root_id IS NULL
      ORDER BY completed_at LIMIT ?`;
    for (const root of this.#ids(query, limit)) {
      for (const id of [...this.descendantsOf(root), root]) {
        const body = this.#foldable(id);
        if (body !== undefined) {
          this.#sql.exec("UPDATE runs SET body = ? WHERE id = ?", body, id);
          this.#dropParts(id);
        }
        this.#sql.exec(
          "UPDATE runs SET ended_at = completed_at, completed_at = NULL WHERE id = ? AND completed_at IS NOT NULL",
          id,
        );
      }
    }
  }

  #foldable(id: string): string | undefined {
    try {
      const run = this.#read(id);
      return run && isFinished(run) ? foldedBody(run) : undefined;
    } catch {
      return undefined;
    }
  }

  remember(run: RunState): void {
    this.#cache.put(run, this.#headerBytes.get(run.header) ?? 0);
  }

  /** Has a run's time come later, without a change of its state. */
  postpone(id: string, wakeAt: number | null): void {
    this.#sql.exec("UPDATE runs SET wake_at = ? WHERE id = ?", wakeAt, id);
  }

  /** Runs whose `tick` is due. */
  dueRuns(now: number, limit: number): string[] {
    return this.#ids("SELECT id FROM runs WHERE wake_at <= ? ORDER BY wake_at LIMIT ?", now, limit);
  }

  /** Runs of an instance that go on, without the children of others. */
  activeRunsOf(instanceId: string): string[] {
    return this.#ids(`SELECT id FROM runs WHERE instance_id = ? AND ${isActive}`, instanceId);
  }

  /** Runs of a user that go on, without the children of others. */
  activeRunsOfUser(userId: string): string[] {
    return this.#ids(`SELECT id FROM runs WHERE user_id = ? AND ${isActive}`, userId);
  }

  /** Runs of a user that wait for a person, without the children of others, the newest first; `~` is behind every id. */
  waitingRunsOf(userId: string, before = "~", limit = 1, instanceId: string | null = null): string[] {
    const waits = `${isActive} AND status = 'paused' AND instance_id IS ifnull(?, instance_id) AND id < ?`;
    const query = `SELECT id FROM runs WHERE user_id = ? AND ${waits} ORDER BY id DESC LIMIT ?`;
    return this.#ids(query, userId, instanceId, before, limit);
  }

  /** How many runs of a user go on, counting no further than `most`. */
  countActiveOf(userId: string, most = Number.MAX_SAFE_INTEGER): number {
    return this.#ids(`SELECT id FROM runs WHERE user_id = ? AND ${isActive} LIMIT ?`, userId, most).length;
  }

  /** Runs that go on, without the children of others. */
  activeRuns(limit: number): string[] {
    return this.#ids(`SELECT id FROM runs WHERE ${isActive} LIMIT ?`, limit);
  }

  countActive(): number {
    return this.#sql.exec<{ n: number }>(`SELECT count(*) AS n FROM runs WHERE ${isActive}`).one().n;
  }

  /** The runs that carry out a run's tasks, oldest first. */
  childrenOf({ header, tasks }: RunState): ChildRun[] {
    if (!Object.values(tasks).some(isChildTask)) return [];
    return this.#sql
      .exec<{ id: string; status: RunStatus; own: string; task: string }>(
        `SELECT id, status, header AS own, parent_task AS task FROM runs JOIN headers ON run_id = id
         WHERE ${ofRun("parent_task")} ORDER BY runs.rowid LIMIT ?`,
        header.id,
        header.id,
        maxChildren,
      )
      .toArray()
      .map(({ id, status, own, task }) => {
        const { parent }: ChildHeader = JSON.parse(own);
        const { workflow = "", attempt = 1 } = parent ?? {};
        const { stepName = "", key = "" } = tasks[task] ?? {};
        return { correlation_id: id, workflow, step: stepName, task: key, attempt, status };
      });
  }

  /** Child runs of a run, at any depth. */
  descendantsOf(runId: string): string[] {
    return this.#ids("SELECT id FROM runs WHERE root_id = ?", runId);
  }

  /** Runs that ended before a time, without the children of others, oldest first. */
  endedBefore(time: number, limit: number): string[] {
    return this.#ids(
      `SELECT id FROM runs WHERE ended_at IS NOT NULL AND root_id IS NULL AND ended_at < ?
       ORDER BY ended_at LIMIT ?`,
      time,
      limit,
    );
  }

  /** Removes a run and its children with all they have. */
  remove(runId: string): void {
    for (const id of [...this.descendantsOf(runId), runId]) {
      this.#dropParts(id);
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

/** Of runs that go on, without the children of others; written as their index has it. */
const isActive = "status IN ('pending', 'running', 'paused') AND root_id IS NULL";
