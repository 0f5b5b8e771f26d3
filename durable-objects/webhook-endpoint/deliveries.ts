import type { DisabledReason } from "#src/kernel/webhook-words.ts";
import type { AttemptResult, Verdict } from "#src/webhook-delivery/index.ts";

/** A message that is to be delivered. */
export interface DueDelivery {
  number: number;
  id: string;
  body: string;
  /** Attempts that have failed since it came, or was asked for again. */
  failures: number;
}

/** A call for a message, and what it has come to. */
export interface Attempt {
  number: number;
  result: AttemptResult;
  verdict: Verdict;
}

type DueRow = { number: number; id: string; body: string; failures: number };

export interface NewDelivery {
  id: string;
  event: string;
  entityId: string;
  body: string;
}

/** Messages that may wait at an endpoint; what comes beyond that is in its log as failed, and can be asked for. */
export const maxWaiting = 5000;

/** What is over is kept so long, and so many. */
const kept = { ms: 7 * 86_400_000, count: 1000 };

/** Nothing about the same thing waits before it. */
const isFirst = `NOT EXISTS (SELECT 1 FROM deliveries AS earlier
  WHERE earlier.entity_id = one.entity_id AND earlier.next_at IS NOT NULL AND earlier.number < one.number)`;

/** Messages to an endpoint, and the attempts to deliver them. */
export class Deliveries {
  readonly #sql: SqlStorage;
  #waiting: number | undefined;
  /** Attempts that were written down since what is over was looked through. */
  #recorded = 0;
  #givenUp = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Puts messages behind those that wait; one that is there already stays as it is. */
  add(messages: readonly NewDelivery[], now: number): void {
    for (const message of messages) {
      const isTooMany = this.waiting >= maxWaiting;
      const inserted = this.#insert(message, {
        status: isTooMany ? "failed" : "waiting",
        reason: isTooMany ? "backlog_full" : null,
        nextAt: isTooMany ? null : now,
        now,
      });
      if (inserted && !isTooMany) this.#waiting = this.waiting + 1;
    }
  }

  /** A message that is tried at once, by whoever puts it here. */
  addTest(message: NewDelivery, now: number): number {
    this.#insert(message, { status: "waiting", reason: null, nextAt: null, now, isTest: true });
    return this.#sql.exec<{ number: number }>("SELECT number FROM deliveries WHERE id = ?", message.id).one()
      .number;
  }

  #insert(
    { id, event, entityId, body }: NewDelivery,
    as: { status: string; reason: string | null; nextAt: number | null; now: number; isTest?: boolean },
  ): boolean {
    const { status, reason, nextAt, now, isTest = false } = as;
    const { rowsWritten } = this.#sql.exec(
      `INSERT OR IGNORE INTO deliveries
         (id, event, entity_id, body, is_test, status, reason, failures, attempts, next_at, since, created_at, ended_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?)`,
      id,
      event,
      entityId,
      body,
      isTest ? 1 : 0,
      status,
      reason,
      nextAt,
      now,
      now,
      status === "waiting" ? null : now,
    );
    return rowsWritten > 0;
  }

  /** How many wait. */
  get waiting(): number {
    this.#waiting ??= this.#sql
      .exec<{ count: number }>("SELECT count(*) AS count FROM deliveries WHERE next_at IS NOT NULL")
      .one().count;
    return this.#waiting;
  }

  /** Messages whose time has come, the longest due first; in order, only the first about each thing. */
  due(now: number, { ordered, limit }: { ordered: boolean; limit: number }): DueDelivery[] {
    return this.#sql
      .exec<DueRow>(
        `SELECT number, id, body, failures FROM deliveries AS one
         WHERE next_at <= ? ${ordered ? `AND ${isFirst}` : ""} ORDER BY next_at, number LIMIT ?`,
        now,
        limit,
      )
      .toArray();
  }

  /** When the next message is to be tried; null while none waits. */
  nextAt(ordered: boolean): number | null {
    return this.#sql
      .exec<{ at: number | null }>(
        `SELECT min(next_at) AS at FROM deliveries AS one WHERE next_at IS NOT NULL ${ordered ? `AND ${isFirst}` : ""}`,
      )
      .one().at;
  }

  /** Writes down attempts, and what has become of their messages: two statements, however many they are. */
  record(attempts: readonly Attempt[], now: number): void {
    const list = JSON.stringify(
      attempts.map(({ number, result, verdict }) => ({
        number,
        ...result,
        verdict: verdict.kind === "retry" ? "waiting" : verdict.kind,
        next: verdict.kind === "retry" ? verdict.at : null,
      })),
    );
    this.#sql.exec(
      `INSERT INTO attempts (delivery, number, at, duration_ms, url, status, answer, failure)
       SELECT one.number, one.attempts + 1, attempt.value ->> 'at', attempt.value ->> 'durationMs',
         attempt.value ->> 'url', attempt.value ->> 'status', attempt.value ->> 'answer', attempt.value ->> 'failure'
       FROM json_each(?) AS attempt JOIN deliveries AS one ON one.number = attempt.value ->> 'number'`,
      list,
    );
    // One that was given up meanwhile stays so, unless it has arrived.
    this.#sql.exec(
      `UPDATE deliveries SET attempts = attempts + 1,
         status = CASE WHEN verdict = 'delivered' OR status = 'waiting' THEN verdict ELSE status END,
         reason = CASE WHEN verdict = 'delivered' THEN NULL ELSE reason END,
         failures = failures + (verdict <> 'delivered'),
         next_at = CASE WHEN next_at IS NULL THEN NULL ELSE next END,
         ended_at = coalesce(ended_at, CASE WHEN verdict = 'waiting' THEN NULL ELSE ?2 END)
       FROM (SELECT value ->> 'number' AS tried, value ->> 'verdict' AS verdict, value ->> 'next' AS next
             FROM json_each(?1)) WHERE number = tried`,
      list,
      now,
    );
    this.#waiting = undefined;
    this.#recorded += attempts.length;
  }

  get recorded(): number {
    return this.#recorded;
  }

  /** Whether something was delivered since a message came, or was asked for again. */
  hasDeliveredSince({ number }: Pick<DueDelivery, "number">): boolean {
    return (
      this.#sql
        .exec(
          `SELECT 1 FROM deliveries WHERE status = 'delivered' AND is_test = 0
           AND ended_at >= (SELECT since FROM deliveries WHERE number = ?) LIMIT 1`,
          number,
        )
        .toArray().length > 0
    );
  }

  /** How often all that waited was given up: what was read before is of no use then. */
  get givenUp(): number {
    return this.#givenUp;
  }

  /** Gives up what waits. */
  giveUp(reason: DisabledReason | "switched_off", now: number): void {
    this.#sql.exec(
      `UPDATE deliveries SET status = 'failed', reason = ?, next_at = NULL, ended_at = ? WHERE next_at IS NOT NULL`,
      reason,
      now,
    );
    this.#waiting = 0;
    this.#givenUp++;
  }

  /** Puts a message among those that wait again. */
  again(number: number, now: number): void {
    this.#sql.exec(
      `UPDATE deliveries SET status = 'waiting', reason = NULL, failures = 0, next_at = ?, since = ?, ended_at = NULL
       WHERE number = ?`,
      now,
      now,
      number,
    );
    this.#waiting = undefined;
  }

  /** When the oldest has been kept long enough; null while there is none. */
  get pruneAt(): number | null {
    const oldest = "SELECT created_at AS at FROM deliveries ORDER BY number LIMIT 1";
    const [found] = this.#sql.exec<{ at: number }>(oldest).toArray();
    return found ? found.at + kept.ms : null;
  }

  /** Forgets what is over and was kept long enough, or is more than is kept. */
  prune(now: number): void {
    this.#recorded = 0;
    const gone = this.#sql.exec<{ number: number }>(
      `DELETE FROM deliveries WHERE next_at IS NULL AND (created_at <= ? OR number <= coalesce((
         SELECT number FROM deliveries WHERE next_at IS NULL ORDER BY number DESC LIMIT 1 OFFSET ?), 0))
       RETURNING number`,
      now - kept.ms,
      kept.count,
    );
    const numbers = JSON.stringify(gone.toArray().map(({ number }) => number));
    this.#sql.exec("DELETE FROM attempts WHERE delivery IN (SELECT value FROM json_each(?))", numbers);
  }

  removeAll(): void {
    this.#sql.exec("DELETE FROM deliveries");
    this.#sql.exec("DELETE FROM attempts");
    this.#waiting = 0;
    this.#givenUp++;
  }
}
