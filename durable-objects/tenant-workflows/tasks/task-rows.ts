import { isChildTask } from "#src/engine/child-workflow.ts";
import { goesOut, type RunHeader, type RunState, type TaskState } from "#src/engine/run-state.ts";
import { queueOfTask } from "#src/tasks/index.ts";
import { isMemoryTask } from "../memory/memory-tasks.ts";
import type { Departure, TaskLeases } from "./task-leases.ts";
import { ofRun } from "./tasks-of-run.ts";

/** The tasks of runs that go on, a row each. Those of a finished run lie in its body. */
export class TaskRows {
  readonly #sql: SqlStorage;
  readonly #leases: TaskLeases;
  #moves = 0;

  constructor(sql: SqlStorage, leases: TaskLeases) {
    this.#sql = sql;
    this.#leases = leases;
  }

  /** Counts what has opened tasks, or ended some, since this instance began. */
  get moves(): number {
    return this.#moves;
  }

  /** The tasks of a run, in the order in which they were made. */
  of(runId: string): RunState["tasks"] {
    const rows = this.#sql.exec<{ state: string }>(
      // The sign keeps SQLite from reading the tasks of all runs in that order.
      `SELECT state FROM tasks WHERE ${ofRun("id")} ORDER BY +rowid`,
      runId,
      runId,
    );
    const states = rows.toArray().map(({ state }): TaskState => JSON.parse(state));
    return Object.fromEntries(states.map((task) => [task.id, task]));
  }

  /** Writes what differs between the tasks of two states. One that has gone out is on its way; one that is over needs no sending. */
  save(before: RunState["tasks"], { header, tasks }: RunState, now: number): void {
    for (const task of Object.values(tasks)) {
      const was = before[task.id];
      if (was === task) continue;
      if (!was) this.#insert(header, task, now);
      else if (isTaken(was, task)) this.#leases.take(task.id, now, JSON.stringify(task));
      else if (goesOut(was, task)) this.#move(task, this.#departure(header, task, now));
      else if (task.status === "dispatched") this.#write(task);
      else this.#move(task, isRetried(task) ? retrying : nowhere);
    }
  }

  #insert(header: RunHeader, task: TaskState, now: number): void {
    this.#moves++;
    const claimedUntil = isTaken(undefined, task) ? now + this.#leases.leaseMs : null;
    const { sendAt, deliveries } =
      claimedUntil !== null
        ? { sendAt: claimedUntil, deliveries: 1 }
        : goesOut(undefined, task)
          ? this.#departure(header, task, now)
          : nowhere;
    this.#sql.exec(
      `INSERT INTO tasks (id, run_id, topic, user_id, queue, state, send_at, deliveries, claimed_until)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      task.id,
      header.id,
      task.topic,
      header.userId,
      placeOf(header, task),
      JSON.stringify(task),
      sendAt,
      deliveries,
      claimedUntil,
    );
  }

  /** A child run is in this object already, so there is nothing to send. */
  #departure(header: RunHeader, task: TaskState, now: number): Departure {
    if (isChildTask(task)) return nowhere;
    const line = { queue: placeOf(header, task), topic: task.topic, user_id: header.userId };
    return this.#leases.depart({ id: task.id, runId: header.id }, line, now);
  }

  #move(task: TaskState, { sendAt, deliveries }: Departure): void {
    this.#moves++;
    this.#sql.exec(
      "UPDATE tasks SET state = ?, send_at = ?, claimed_until = NULL, deliveries = ? WHERE id = ?",
      JSON.stringify(task),
      sendAt,
      deliveries,
      task.id,
    );
  }

  #write(task: TaskState): void {
    this.#sql.exec("UPDATE tasks SET state = ? WHERE id = ?", JSON.stringify(task), task.id);
  }

  remove(runId: string): void {
    this.#moves++;
    this.#sql.exec(`DELETE FROM tasks WHERE ${ofRun("id")}`, runId, runId);
  }
}

const nowhere: Departure = { sendAt: null, deliveries: 0 };

/** It goes out again when its run says so; until then it is open. */
const retrying: Departure = { sendAt: null, deliveries: -1 };

/** Whether a task waits for another attempt that goes to a queue. */
const isRetried = (task: TaskState): boolean => task.status === "waiting" && !isChildTask(task);

/** Whether a consumer has just got a task. */
const isTaken = (before: TaskState | undefined, { status, claimedAt = null }: TaskState): boolean =>
  status === "dispatched" && claimedAt !== null && claimedAt !== before?.claimedAt;

const placeOf = (header: RunHeader, task: TaskState) =>
  isMemoryTask(task) ? "here" : queueOfTask(task.topic, header.lane, header.agents);
