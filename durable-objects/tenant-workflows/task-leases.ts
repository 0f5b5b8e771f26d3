import { type TaskQueue, taskQueues } from "#src/tasks/queues.ts";
import { Rota, share } from "./fair-places.ts";

/** Before a message that nobody claimed is sent again: local queues forget everything when they are killed. */
const resendAfter = (deliveries: number): number => Math.min(3000 * 2 ** deliveries, 60_000);

export interface DueTask {
  id: string;
  runId: string;
  /** How often it was sent before. */
  deliveries: number;
}

/** Where tasks go: to a queue, or nowhere because they are done in this object. */
export type TaskPlace = TaskQueue | "here";
export const taskPlaces: readonly TaskPlace[] = [...taskQueues, "here"];

/** A user's tasks that wait for the places of a topic. */
interface WaitingLine extends Record<string, SqlStorageValue> {
  queue: string;
  topic: string;
  user_id: string;
}

const allPlaces = JSON.stringify(taskPlaces);

const lineKey = ({ queue, topic, user_id }: WaitingLine): string => JSON.stringify([queue, topic, user_id]);

/**
 * When tasks must be sent, and who holds them. A queue message is only a wake-up; this is the truth.
 * A task is *out* when it has been sent (`deliveries`) and is not over: it waits on a queue
 * or a consumer works on it.
 */
export class TaskLeases {
  readonly #sql: SqlStorage;
  readonly #atOnce: number;
  /** A claimed task is worked on by one consumer; silence for this long means the consumer has died. */
  readonly leaseMs: number;
  /** Tasks that have gone out since the last look. */
  readonly #fresh = new Set<string>();
  readonly #rota = new Rota();
  /** Whether more than those may be due: nobody has looked yet, time has passed, or some wait for room. */
  #mayBeMore = true;

  /** @param atOnce how many tasks of one topic are out on a queue at a time */
  constructor(sql: SqlStorage, { atOnce, leaseMs }: { atOnce: number; leaseMs: number }) {
    this.#sql = sql;
    this.#atOnce = atOnce;
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
   * forgotten, then new ones as far as there are places for their topic, shared among the users who wait.
   * What does not go out waits here, where it holds up nobody else. Looks only when there may be any.
   */
  due(now: number, limit: number): DueTask[] {
    if (this.#fresh.size === 0 && !this.#mayBeMore) return [];
    this.#fresh.clear();
    const lapsed = this.#rows(
      "queue IN (SELECT value FROM json_each(?)) AND deliveries > 0 AND send_at <= ? ORDER BY send_at LIMIT ?",
      allPlaces,
      now,
      limit,
    );
    const topics = Map.groupBy(this.#waitingLines(), ({ queue, topic }) => JSON.stringify([queue, topic]));
    const waiting = [...topics.values()].map((lines) => this.#withinRoom(lines, now));
    const due = [...lapsed, ...waiting.flatMap(({ tasks }) => tasks)].slice(0, limit);
    this.#mayBeMore = due.length === limit || waiting.some(({ isFull }) => isFull);
    return due;
  }

  /** Whose tasks wait, and for which topic's places. Steps from line to line, however long each is. */
  #waitingLines(): WaitingLine[] {
    const lines: WaitingLine[] = [];
    let last: WaitingLine = { queue: "", topic: "", user_id: "" };
    for (;;) {
      const [next] = this.#sql
        .exec<WaitingLine>(
          `SELECT queue, topic, user_id FROM tasks WHERE send_at IS NOT NULL AND deliveries = 0
             AND (queue, topic, user_id) > (?, ?, ?) ORDER BY queue, topic, user_id LIMIT 1`,
          last.queue,
          last.topic,
          last.user_id,
        )
        .toArray();
      if (!next) return lines;
      lines.push(next);
      last = next;
    }
  }

  /** Of the tasks that wait for one topic those that there is room for, of each user the ones that have waited longest. */
  #withinRoom(all: readonly WaitingLine[], now: number): { tasks: DueTask[]; isFull: boolean } {
    const out = this.#countOut(all[0]);
    const free = Math.max(0, this.#atOnce - [...out.values()].reduce((sum, count) => sum + count, 0));
    if (free === 0) return { tasks: [], isFull: true };
    const lines = this.#rota.inTurn(all, lineKey);
    const waiting = lines.map(({ queue, topic, user_id }) =>
      this.#rows(
        `queue = ? AND topic = ? AND user_id = ? AND deliveries = 0 AND send_at <= ? ORDER BY send_at LIMIT ?`,
        ...[queue, topic, user_id, now, free + 1],
      ),
    );
    const claimants = lines.map(({ user_id }, index) => ({
      out: out.get(user_id) ?? 0,
      waiting: waiting[index]?.length ?? 0,
    }));
    const shares = share(free, claimants);
    for (const [index, line] of lines.entries()) if (shares[index]) this.#rota.gives(lineKey(line));
    return {
      tasks: waiting.flatMap((tasks, index) => tasks.slice(0, shares[index])),
      isFull: claimants.some(({ waiting }, index) => waiting > (shares[index] ?? 0)),
    };
  }

  #rows(condition: string, ...values: SqlStorageValue[]): DueTask[] {
    return this.#sql
      .exec<{ id: string; run_id: string; deliveries: number }>(
        `SELECT id, run_id, deliveries FROM tasks WHERE ${condition}`,
        ...values,
      )
      .toArray()
      .map(({ id, run_id, deliveries }) => ({ id, runId: run_id, deliveries }));
  }

  /** How many places of a topic each user has. */
  #countOut({ queue, topic }: Pick<WaitingLine, "queue" | "topic"> = { queue: "", topic: "" }) {
    return new Map(
      this.#sql
        .exec<{ user_id: string; n: number }>(
          `SELECT user_id, count(*) AS n FROM tasks
           WHERE queue = ? AND topic = ? AND deliveries > 0 AND send_at IS NOT NULL GROUP BY user_id`,
          queue,
          topic,
        )
        .toArray()
        .map(({ user_id, n }) => [user_id, n]),
    );
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
