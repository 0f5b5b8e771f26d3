import { type TaskQueue, taskQueues } from "#src/tasks/index.ts";
import { ofRun } from "./tasks-of-run.ts";
import { type DueTask, dueTask, type TaskRow, type WaitingLine, WaitingLines } from "./waiting-lines.ts";

/** Before a message that nobody claimed is sent again: local queues forget everything when they are killed. */
const resendAfter = (deliveries: number): number => Math.min(3000 * 2 ** deliveries, 60_000);

/** Where tasks go: to a queue, or nowhere because they are done in this object. */
export type TaskPlace = TaskQueue | "here";
export const taskPlaces: readonly TaskPlace[] = [...taskQueues, "here"];

const allPlaces = JSON.stringify(taskPlaces);

/** What was sent before and has been forgotten, or is held by a lease whose row is out of date. */
const lapsedTasks = `
  SELECT id, run_id, deliveries, user_id, claimed_until FROM tasks
  WHERE queue IN (SELECT value FROM json_each(?)) AND deliveries > 0 AND send_at <= ? ORDER BY send_at LIMIT ?`;

/** How a task goes out: when it is looked for (again), and how often it has been sent by then. */
export interface Departure {
  /** Null when it needs no sending. */
  sendAt: number | null;
  /** Less than zero while it waits for another attempt. */
  deliveries: number;
}

interface Claim extends Record<string, SqlStorageValue> {
  claimed_until: number | null;
}

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
  /** Tasks that have gone straight out since the last look: their messages are still to be sent. */
  readonly #fresh = new Map<string, DueTask>();
  /** Leases that were renewed, until when: a row is written only when its own time has passed. */
  readonly #renewed = new Map<string, number>();
  /** What was renewed before this instance began is forgotten: until then whoever has claimed a task has it still. */
  #graceUntil = 0;
  /** Whether some wait for room. */
  #mayWait = true;
  /** Whether time has passed since tasks were looked for whose time has. */
  #mayHaveLapsed = true;

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

  /** Whether a consumer works on the task. */
  isHeld(taskId: string, now: number): boolean {
    const query = "SELECT claimed_until FROM tasks WHERE id = ?";
    const [row] = this.#sql.exec<Claim>(query, taskId).toArray();
    return row !== undefined && this.#heldUntil(taskId, row.claimed_until) > now;
  }

  #heldUntil(taskId: string, claimedUntil: number | null): number {
    if (claimedUntil === null) return 0;
    return Math.max(claimedUntil, this.#renewed.get(taskId) ?? 0, this.#graceUntil);
  }

  /**
   * A task goes out: straight, where there are places in plenty, and then its message is sent without another write;
   * otherwise it waits in its line.
   */
  depart(task: Omit<DueTask, "deliveries">, line: WaitingLine, now: number): Departure {
    if (line.queue === "here" || !this.#waiting.isOpen(line)) {
      this.#mayWait = true;
      return { sendAt: now, deliveries: 0 };
    }
    this.#fresh.set(task.id, { ...task, deliveries: 0, isAway: true });
    return { sendAt: now + resendAfter(0), deliveries: 1 };
  }

  /** Has the next look not rely on what has been noted: time has passed. */
  lookAgain(): void {
    this.#mayWait = true;
    this.#mayHaveLapsed = true;
  }

  /** Takes the lease unless somebody else holds it. */
  claim(taskId: string, now: number): boolean {
    if (this.isHeld(taskId, now)) return false;
    this.take(taskId, now);
    return true;
  }

  /** Gives the lease to whoever comes; with a claim that is an event of the run the task's new state. */
  take(taskId: string, now: number, state?: string): void {
    this.#fresh.delete(taskId);
    const until = now + this.leaseMs;
    const changes = "state = coalesce(?, state), claimed_until = ?, send_at = ?";
    const values = [state ?? null, until, until, taskId];
    // That it is out is told by an index, which is written only when that is news.
    const isOut = `UPDATE tasks SET ${changes} WHERE id = ? AND deliveries > 0 RETURNING id`;
    if (this.#sql.exec(isOut, ...values).toArray().length > 0) return;
    this.#sql.exec(`UPDATE tasks SET ${changes}, deliveries = 1 WHERE id = ?`, ...values);
  }

  renew(taskId: string, now: number): void {
    this.#renewed.set(taskId, now + this.leaseMs);
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
   * The tasks to send now: those that have just gone out, those that were sent before and have been
   * forgotten, then new ones as far as there are places for their topic. Looks only when there may be any.
   */
  due(now: number, limit: number): DueTask[] {
    const fresh = [...this.#fresh.values()].slice(0, limit);
    for (const { id } of fresh) this.#fresh.delete(id);
    const lapsed = this.#mayHaveLapsed ? this.#lapsed(now, limit - fresh.length) : [];
    const waiting = this.#mayWait ? this.#waiting.due(now) : { tasks: [], isFull: false };
    const due = [...fresh, ...lapsed, ...waiting.tasks].slice(0, limit);
    const isCut = due.length === limit;
    this.#mayHaveLapsed &&= isCut;
    this.#mayWait = waiting.isFull || isCut;
    return due;
  }

  /** Those whose time has passed; the rows of leases that were renewed meanwhile are brought up to date. */
  #lapsed(now: number, limit: number): DueTask[] {
    for (const [id, until] of this.#renewed) if (until <= now) this.#renewed.delete(id);
    const rows = this.#sql.exec<TaskRow & Claim>(lapsedTasks, allPlaces, now, limit).toArray();
    return rows.flatMap((row) => {
      const until = this.#heldUntil(row.id, row.claimed_until);
      if (until <= now) return [dueTask(row)];
      this.#sql.exec("UPDATE tasks SET claimed_until = ?, send_at = ? WHERE id = ?", until, until, row.id);
      return [];
    });
  }

  /** Notes that messages go out, of tasks that nobody has claimed meanwhile. */
  sent(tasks: readonly DueTask[], now: number): void {
    const next = tasks
      .filter(({ isAway }) => !isAway)
      .map(({ id, deliveries }) => ({ id, at: now + resendAfter(deliveries) }));
    if (next.length === 0) return;
    this.#sql.exec(
      `UPDATE tasks SET deliveries = deliveries + 1, send_at = sent.value ->> 'at' FROM json_each(?) AS sent
       WHERE tasks.id = sent.value ->> 'id' AND send_at <= ?`,
      JSON.stringify(next),
      now,
    );
  }

  /** Takes back that messages went out, as far as no consumer has got one. */
  unsent(tasks: readonly DueTask[], now: number): void {
    this.#mayWait = true;
    this.#sql.exec(
      `UPDATE tasks SET deliveries = was.value ->> 'deliveries', send_at = ? FROM json_each(?) AS was
       WHERE tasks.id = was.value ->> 'id' AND send_at IS NOT NULL AND claimed_until IS NULL`,
      now,
      JSON.stringify(tasks),
    );
  }

  /** Makes the unfinished tasks of a run due at once; returns how many. */
  sendAgain(runId: string, now: number): number {
    this.lookAgain();
    // `rowsWritten` would count index entries as well.
    return this.#sql
      .exec(
        `UPDATE tasks SET send_at = ?, claimed_until = NULL WHERE ${ofRun("id")} AND send_at IS NOT NULL RETURNING id`,
        now,
        runId,
        runId,
      )
      .toArray().length;
  }

  /**
   * A new instance begins. Makes due at once whatever was sent and not claimed: when this object has
   * restarted, the queue may have too, and then it has forgotten. A wake-up too many is refused when it claims.
   * What is claimed stays so for one whole lease: its consumer may live. Returns how many are due.
   */
  sendUnclaimed(now: number): number {
    this.lookAgain();
    this.#graceUntil = now + this.leaseMs;
    return this.#sql
      .exec(
        "UPDATE tasks SET send_at = ? WHERE send_at > ? AND deliveries > 0 AND claimed_until IS NULL RETURNING id",
        now,
        now,
      )
      .toArray().length;
  }

  /** The tasks of a run that are to go to a queue, or are on one, and that no consumer has got yet. */
  untakenOf(runId: string): Set<string> {
    const query = `SELECT id FROM tasks WHERE ${ofRun("id")} AND send_at IS NOT NULL AND claimed_until IS NULL
      AND queue <> 'here'`;
    return new Set(
      this.#sql
        .exec<{ id: string }>(query, runId, runId)
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
