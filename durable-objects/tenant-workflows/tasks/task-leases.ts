import { type TaskQueue, taskQueues } from "#src/tasks/index.ts";
import { type DueTask, dueTask, type TaskRow, WaitingLines } from "./waiting-lines.ts";

/** Before a message that nobody claimed is sent again: local queues forget everything when they are killed. */
const resendAfter = (deliveries: number): number => Math.min(3000 * 2 ** deliveries, 60_000);

/** Where tasks go: to a queue, or nowhere because they are done in this object. */
export type TaskPlace = TaskQueue | "here";
export const taskPlaces: readonly TaskPlace[] = [...taskQueues, "here"];

const allPlaces = JSON.stringify(taskPlaces);

/** What was sent before and has been forgotten. */
const lapsedTasks = `
  SELECT id, run_id, deliveries, user_id FROM tasks
  WHERE queue IN (SELECT value FROM json_each(?)) AND deliveries > 0 AND send_at <= ? ORDER BY send_at LIMIT ?`;

/**
 * When tasks must be sent, and who holds them. A queue message is only a wake-up; this is the truth.
 * A task is *out* when it has been sent (`deliveries`) and is not over: it waits on a queue
 * or a consumer works on it.
 */
export class TaskLeases {
  readonly #sql: SqlStorage;
  readonly #waiting: WaitingLines;
  /** A claimed task is worked on by one consumer; silence for this long means the consumer has died. */
  readonly leaseMs: number;
  /** Tasks that have gone out since the last look. */
  readonly #fresh = new Set<string>();
  /** Whether more than those may be due: nobody has looked yet, time has passed, or some wait for room. */
  #mayBeMore = true;

  /** @param atOnce how many tasks of one topic are out on a queue at a time */
  constructor(sql: SqlStorage, { atOnce, leaseMs }: { atOnce: number; leaseMs: number }) {
    this.#sql = sql;
    this.#waiting = new WaitingLines(sql, atOnce);
    this.leaseMs = leaseMs;
  }

  /** The run of a task that is out; undefined for one that is over, waits, or never was. */
  runOfOpen(taskId: string): string | undefined {
    return this.#sql
      .exec<{ run_id: string }>("SELECT run_id FROM tasks WHERE id = ? AND send_at IS NOT NULL", taskId)
      .toArray()[0]?.run_id;
  }

  isKnown(taskId: string): boolean {
    return this.#sql.exec("SELECT 1 FROM tasks WHERE id = ?", taskId).toArray().length > 0;
  }

  /** Whether a consumer works on the task. */
  isHeld(taskId: string, now: number): boolean {
    return (
      this.#sql.exec("SELECT 1 FROM tasks WHERE id = ? AND claimed_until > ?", taskId, now).toArray().length >
      0
    );
  }

  /** Notes that a task has gone out; it has to be sent unless it is claimed at once. */
  goesOut(taskId: string): void {
    this.#fresh.add(taskId);
  }

  /** Has the next look not rely on what has been noted: time has passed. */
  lookAgain(): void {
    this.#mayBeMore = true;
  }

  /** Takes the lease unless somebody else holds it. */
  claim(taskId: string, now: number): boolean {
    this.#fresh.delete(taskId);
    const until = now + this.leaseMs;
    return (
      this.#sql
        .exec(
          `UPDATE tasks SET claimed_until = ?, send_at = ?, deliveries = max(deliveries, 1)
           WHERE id = ? AND (claimed_until IS NULL OR claimed_until <= ?) RETURNING id`,
          until,
          until,
          taskId,
          now,
        )
        .toArray().length > 0
    );
  }

  renew(taskId: string, now: number): void {
    const until = now + this.leaseMs;
    this.#sql.exec("UPDATE tasks SET claimed_until = ?, send_at = ? WHERE id = ?", until, until, taskId);
  }

  /** Gives the lease back; the task is sent again at `sendAt`. */
  release(taskId: string, sendAt: number): void {
    this.#sql.exec(
      "UPDATE tasks SET claimed_until = NULL, deliveries = 0, send_at = ? WHERE id = ?",
      sendAt,
      taskId,
    );
  }

  /** Has a task that is due looked at later; one that has ended or been claimed meanwhile stays as it is. */
  putOff(taskId: string, sendAt: number, now: number): void {
    this.#sql.exec("UPDATE tasks SET send_at = ? WHERE id = ? AND send_at <= ?", sendAt, taskId, now);
  }

  /**
   * The tasks to send now: first those that were sent before and have been
   * forgotten, then new ones as far as there are places for their topic. Looks only when
   * there may be any.
   */
  due(now: number, limit: number): DueTask[] {
    if (this.#fresh.size === 0 && !this.#mayBeMore) return [];
    this.#fresh.clear();
    const lapsed = this.#sql.exec<TaskRow>(lapsedTasks, allPlaces, now, limit).toArray().map(dueTask);
    const waiting = this.#waiting.due(now);
    const due = [...lapsed, ...waiting.tasks].slice(0, limit);
    this.#mayBeMore = due.length === limit || waiting.isFull;
    return due;
  }

  /** Notes that messages go out, of tasks that nobody has claimed meanwhile. */
  sent(tasks: readonly DueTask[], now: number): void {
    const next = tasks.map(({ id, deliveries }) => ({ id, at: now + resendAfter(deliveries) }));
    this.#sql.exec(
      `UPDATE tasks SET deliveries = deliveries + 1, send_at = sent.value ->> 'at' FROM json_each(?) AS sent
       WHERE tasks.id = sent.value ->> 'id' AND send_at <= ?`,
      JSON.stringify(next),
      now,
    );
  }

  /** Takes back that messages went out, as far as no consumer has got one. */
  unsent(tasks: readonly DueTask[], now: number): void {
    this.#sql.exec(
      `UPDATE tasks SET deliveries = was.value ->> 'deliveries', send_at = ? FROM json_each(?) AS was
       WHERE tasks.id = was.value ->> 'id' AND send_at IS NOT NULL
         AND (claimed_until IS NULL OR claimed_until <= ?)`,
      now,
      JSON.stringify(tasks),
      now,
    );
  }

  /** Makes the unfinished tasks of a run due at once; returns how many. */
  sendAgain(runId: string, now: number): number {
    this.lookAgain();
    // `rowsWritten` would count index entries as well.
    return this.#sql
      .exec(
        "UPDATE tasks SET send_at = ?, claimed_until = NULL WHERE run_id = ? AND send_at IS NOT NULL RETURNING id",
        now,
        runId,
      )
      .toArray().length;
  }

  /**
   * Makes due at once whatever was sent and not claimed: when this object has
   * restarted, the queue may have too, and then it has forgotten. A wake-up too
   * many is refused when it claims. Returns how many.
   */
  sendUnclaimed(now: number): number {
    this.lookAgain();
    return this.#sql
      .exec(
        `UPDATE tasks SET send_at = ? WHERE send_at > ? AND deliveries > 0
         AND (claimed_until IS NULL OR claimed_until <= ?) RETURNING id`,
        now,
        now,
        now,
      )
      .toArray().length;
  }

  /** The tasks of a run that are to go to a queue, or are on one, and that no consumer has got yet. */
  untakenOf(runId: string): Set<string> {
    const query = `SELECT id FROM tasks WHERE run_id = ? AND send_at IS NOT NULL AND claimed_until IS NULL
      AND queue <> 'here'`;
    return new Set(
      this.#sql
        .exec<{ id: string }>(query, runId)
        .toArray()
        .map(({ id }) => id),
    );
  }

  /** Whether no consumer has got a task that is out. */
  isUntaken(taskId: string): boolean {
    const query = "SELECT 1 FROM tasks WHERE id = ? AND send_at IS NOT NULL AND claimed_until IS NULL";
    return this.#sql.exec(query, taskId).toArray().length > 0;
  }

  countOpen(): number {
    return this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM tasks WHERE send_at IS NOT NULL").one().n;
  }
}
