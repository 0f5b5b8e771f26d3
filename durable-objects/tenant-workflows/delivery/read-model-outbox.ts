import {
  type CopyReceipt,
  type PlatformMessage,
  type RunCopy,
  receiptOf,
  runCopySchema,
} from "#src/objects/platform-message.ts";

/** Unconfirmed copies that one read looks at. */
const maxLookedAt = 1000;

/** Before copies that nobody has confirmed are sent again, doubling up to the second number. */
const patienceMs = { first: 5000, longest: 600_000 };

/**
 * Messages for the read models. They stay until the read model confirms them:
 * local queues forget everything when they are killed.
 */
export class ReadModelOutbox {
  readonly #sql: SqlStorage;
  /** The number of the last one that this instance has sent; a new instance sends all there is. */
  #sentThrough = 0;
  #repetitions = 0;
  /** When what is not confirmed by then is sent again. */
  #againAt = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** A newer copy of the same thing takes the older one's place. */
  put(message: PlatformMessage): void {
    const { key, version } = receiptOf(message);
    this.#sql.exec(
      "INSERT OR REPLACE INTO copies (key, version, message) VALUES (?, ?, ?)",
      key,
      version,
      JSON.stringify(message),
    );
  }

  pending(limit: number): { seq: number; message: PlatformMessage }[] {
    return this.#sql
      .exec<{ seq: number; message: string }>(
        "SELECT seq, message FROM copies WHERE seq > ? ORDER BY seq LIMIT ?",
        this.#sentThrough,
        limit,
      )
      .toArray()
      .map(({ seq, message }) => ({ seq, message: JSON.parse(message) }));
  }

  /**
   * Copies of somebody's runs that are not confirmed yet, of the newest `maxLookedAt` of all: a read model that has
   * heard nothing for long makes reads no slower than that.
   */
  pendingRuns(of: { userId: string } | { instanceId: string }): RunCopy[] {
    const [field, value] = "userId" in of ? ["user_id", of.userId] : ["instance_id", of.instanceId];
    return this.#sql
      .exec<{ message: string }>(
        `SELECT message FROM (SELECT key, message FROM copies ORDER BY seq DESC LIMIT ?)
         WHERE key >= 'run:' AND key < 'run;' AND message ->> ? = ?`,
        maxLookedAt,
        `$.${field}`,
        value,
      )
      .toArray()
      .map(({ message }) => runCopySchema.parse(JSON.parse(message)));
  }

  /** Notes that everything up to a number has been sent. */
  sent(seq: number, now: number): void {
    if (seq <= this.#sentThrough) return;
    this.#sentThrough = seq;
    const patience = Math.min(patienceMs.first * 2 ** this.#repetitions, patienceMs.longest);
    this.#againAt = Math.max(this.#againAt, now + patience);
  }

  /** Removes what a read model has, unless a newer copy has taken its place meanwhile. */
  confirm(receipts: readonly CopyReceipt[]): void {
    this.#sql.exec(
      `DELETE FROM copies WHERE seq IN (
         SELECT copies.seq FROM json_each(?) AS receipt
         JOIN copies ON copies.key = receipt.value ->> 'key' AND copies.version <= receipt.value ->> 'version')`,
      JSON.stringify(receipts),
    );
    this.#repetitions = 0;
  }

  /** Makes everything pending again that was not confirmed in time. */
  repeat(now: number): void {
    if (now < this.#againAt || this.#sentThrough === 0 || !this.#holdsAny(0)) return;
    this.#sentThrough = 0;
    this.#repetitions++;
  }

  /** When there is something to do; null when there is nothing here. */
  next(now: number): number | null {
    if (this.#holdsAny(this.#sentThrough)) return now;
    return this.#holdsAny(0) ? this.#againAt : null;
  }

  #holdsAny(after: number): boolean {
    return this.#sql.exec("SELECT 1 FROM copies WHERE seq > ? LIMIT 1", after).toArray().length > 0;
  }
}
