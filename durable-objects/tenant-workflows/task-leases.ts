import { type TaskQueue, taskQueues } from "../../src/messaging/route-task.ts";

/** A claimed task is worked on by one consumer; silence for this long means the consumer has died. */
const leaseMilliseconds = 5000;

/** Before a message that nobody claimed is sent again: local queues forget everything when they are killed. */
const resendAfter = (deliveries: number): number => Math.min(3000 * 2 ** deliveries, 60_000);

export interface DueTask {
  id: string;
  runId: string;
  sendAt: number;
  deliveries: number;
}

/** Where tasks go: to a queue, or nowhere because they are done in this object. */
export type TaskPlace = TaskQueue | "here";
export const taskPlaces: readonly TaskPlace[] = [...taskQueues, "here"];

/**
 * When tasks must be sent, and who holds them. A queue message is only a wake-up; this is the truth.
 * A task is *out* when it has been sent (`deliveries`) and is not over: it waits on a queue
 * or a consumer works on it.
 */
export class TaskLeases {
  readonly #sql: SqlStorage;
  readonly #atOnce: number;

  /** @param atOnce how many tasks are out on one queue at a time */
  constructor(sql: SqlStorage, atOnce: number) {
    this.#sql = sql;
    this.#atOnce = atOnce;
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

  /** Takes the lease unless somebody else holds it. */
  claim(taskId: string, now: number): boolean {
    const until = now + leaseMilliseconds;
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
    const until = now + leaseMilliseconds;
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

  /**
   * The tasks to send now: first those that were sent before and have been
   * forgotten, then new ones as far as their queue has room for this tenant.
   * What does not go out waits here, where it holds up nobody else.
   */
  due(now: number, limit: number): DueTask[] {
    const places = JSON.stringify(taskPlaces);
    const anywhere = "queue IN (SELECT value FROM json_each(?)) AND send_at <= ?";
    const lapsed = this.#rows(`${anywhere} AND deliveries > 0`, [places, now, limit]);
    // Mostly nothing waits: that costs one look, not one for each place.
    const isWaiting = this.#rows(`${anywhere} AND deliveries = 0`, [places, now, 1]).length > 0;
    const fresh = (isWaiting ? taskPlaces : []).flatMap((place) => {
      const waiting = this.#rows("queue = ? AND deliveries = 0 AND send_at <= ?", [place, now, this.#atOnce]);
      return waiting.length === 0 ? [] : waiting.slice(0, Math.max(0, this.#atOnce - this.#countOut(place)));
    });
    return [...lapsed, ...fresh].slice(0, limit);
  }

  #rows(condition: string, values: SqlStorageValue[]): DueTask[] {
    return this.#sql
      .exec<{ id: string; run_id: string; send_at: number; deliveries: number }>(
        `SELECT id, run_id, send_at, deliveries FROM tasks WHERE ${condition} ORDER BY send_at LIMIT ?`,
        ...values,
      )
      .toArray()
      .map(({ id, run_id, send_at, deliveries }) => ({
        id,
        runId: run_id,
        sendAt: send_at,
        deliveries,
      }));
  }

  #countOut(place: string): number {
    return this.#sql
      .exec<{ n: number }>(
        "SELECT count(*) AS n FROM tasks WHERE queue = ? AND deliveries > 0 AND send_at IS NOT NULL",
        place,
      )
      .one().n;
  }

  /** Notes that a message went out, unless the task was claimed or finished in the meantime. */
  sent({ id, sendAt, deliveries }: DueTask, now: number): void {
    this.#sql.exec(
      "UPDATE tasks SET deliveries = deliveries + 1, send_at = ? WHERE id = ? AND send_at = ?",
      now + resendAfter(deliveries),
      id,
      sendAt,
    );
  }

  /** Makes the unfinished tasks of a run due at once; returns how many. */
  sendAgain(runId: string, now: number): number {
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

  /** The tasks of a run that are to go to a queue and have not been sent yet. */
  unsentOf(runId: string): Set<string> {
    const query = `SELECT id FROM tasks WHERE run_id = ? AND send_at IS NOT NULL AND deliveries = 0 AND queue <> 'here'`;
    return new Set(
      this.#sql
        .exec<{ id: string }>(query, runId)
        .toArray()
        .map(({ id }) => id),
    );
  }

  countOpen(): number {
    return this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM tasks WHERE send_at IS NOT NULL").one().n;
  }
}
