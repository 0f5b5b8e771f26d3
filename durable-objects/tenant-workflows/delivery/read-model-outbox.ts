import {
  type CopyReceipt,
  type KeptMessage,
  type RunCopy,
  receiptOf,
  runCopySchema,
} from "#src/objects/platform-message.ts";

/** Unconfirmed copies that one read looks at, and what is taken over from an earlier build at a time. */
const maxLookedAt = 1000;

/** Copies that this instance remembers not to have sent; were there more, it looks for them among all. */
const maxRemembered = 10_000;

/** Before copies that nobody has confirmed are sent again, doubling up to the second number. */
const patienceMs = { first: 5000, longest: 600_000 };

const put = `INSERT INTO unconfirmed (key, version, message) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET version = excluded.version, message = excluded.message`;

/**
 * Messages for the read models. They stay until the read model confirms them:
 * local queues forget everything when they are killed.
 */
export class ReadModelOutbox {
  readonly #sql: SqlStorage;
  /** What this instance has yet to send, with its version: written nowhere, because a new instance sends all there is. */
  readonly #fresh = new Map<string, number>();
  /** While all there is is being sent: how far that has come, by key. */
  #sentThrough: string | null = "";
  /** What has been read of that: what was on its way before says nothing of how far it has come. */
  #passed = new WeakSet<KeptMessage>();
  #repetitions = 0;
  /** When what is not confirmed by then is sent again. */
  #againAt = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** A newer copy of the same thing takes the older one's place. */
  put(message: KeptMessage): void {
    const { key, version } = receiptOf(message);
    this.#sql.exec(put, key, version, JSON.stringify(message));
    this.#fresh.set(key, version);
    if (this.#fresh.size > maxRemembered) this.#sendAll();
  }

  /** What is to be sent next. */
  pending(limit: number): KeptMessage[] {
    if (this.#sentThrough !== null) {
      this.#takeOver();
      const all = this.#messages("key > ? ORDER BY key LIMIT ?", this.#sentThrough, limit);
      for (const message of all) this.#passed.add(message);
      if (all.length > 0) return all;
      this.#sentThrough = null;
    }
    const keys = [...this.#fresh.keys()].slice(0, limit);
    const messages = this.#messages("key IN (SELECT value FROM json_each(?))", JSON.stringify(keys));
    const there = new Set(messages.map((message) => receiptOf(message).key));
    // The write that put it was rolled back.
    for (const key of keys) if (!there.has(key)) this.#fresh.delete(key);
    return messages;
  }

  #messages(condition: string, ...values: SqlStorageValue[]): KeptMessage[] {
    return this.#sql
      .exec<{ message: string }>(`SELECT message FROM unconfirmed WHERE ${condition}`, ...values)
      .toArray()
      .map(({ message }) => JSON.parse(message));
  }

  /** Takes over what an earlier build has left in its own table. */
  #takeOver(): void {
    const oldest = "FROM copies ORDER BY seq LIMIT ?";
    while (this.#isAny("copies")) {
      this.#sql.exec(
        `INSERT INTO unconfirmed (key, version, message) SELECT * FROM (SELECT key, version, message ${oldest}) WHERE true
         ON CONFLICT DO UPDATE SET version = excluded.version, message = excluded.message
           WHERE excluded.version > unconfirmed.version`,
        maxLookedAt,
      );
      this.#sql.exec(`DELETE FROM copies WHERE seq IN (SELECT seq ${oldest})`, maxLookedAt);
    }
  }

  /**
   * Copies of somebody's runs that are not confirmed yet, of the newest `maxLookedAt` of all: a read model that has
   * heard nothing for long makes reads no slower than that.
   */
  pendingRuns(of: { userId: string } | { instanceId: string }): RunCopy[] {
    const [field, value] = "userId" in of ? ["user_id", of.userId] : ["instance_id", of.instanceId];
    return this.#sql
      .exec<{ message: string }>(
        `SELECT message FROM (
           SELECT message FROM unconfirmed WHERE key >= 'run:' AND key < 'run;' ORDER BY key DESC LIMIT ?)
         WHERE message ->> ? = ?`,
        maxLookedAt,
        `$.${field}`,
        value,
      )
      .toArray()
      .map(({ message }) => runCopySchema.parse(JSON.parse(message)));
  }

  /** Notes that what was pending has been sent, in that order. */
  sent(messages: readonly KeptMessage[], now: number): void {
    for (const message of messages) {
      const { key, version } = receiptOf(message);
      if ((this.#fresh.get(key) ?? version) <= version) this.#fresh.delete(key);
      if (this.#sentThrough !== null && this.#passed.has(message)) this.#sentThrough = key;
    }
    if (!this.#goesOn()) this.#sentThrough = null;
    const patience = Math.min(patienceMs.first * 2 ** this.#repetitions, patienceMs.longest);
    this.#againAt = Math.max(this.#againAt, now + patience);
  }

  /** Removes what a read model has, unless a newer copy has taken its place meanwhile. */
  confirm(receipts: readonly CopyReceipt[]): void {
    this.#sql.exec(
      `DELETE FROM unconfirmed WHERE key IN (
         SELECT copy.key FROM json_each(?) AS receipt JOIN unconfirmed AS copy
           ON copy.key = receipt.value ->> 'key' AND copy.version <= receipt.value ->> 'version')`,
      JSON.stringify(receipts),
    );
    this.#repetitions = 0;
  }

  /** Makes everything pending again that was not confirmed in time. */
  repeat(now: number): void {
    if (now < this.#againAt || this.#sentThrough !== null || !this.#isAny("unconfirmed")) return;
    this.#sendAll();
    this.#repetitions++;
  }

  #sendAll(): void {
    this.#passed = new WeakSet();
    this.#sentThrough = "";
    this.#fresh.clear();
  }

  /** Whether something is to be sent. */
  get isBehind(): boolean {
    return this.#fresh.size > 0 || this.#goesOn();
  }

  /** When there is something to do; null when there is nothing here. */
  next(now: number): number | null {
    if (this.isBehind) return now;
    return this.#isAny("unconfirmed") ? this.#againAt : null;
  }

  #goesOn(): boolean {
    const from = this.#sentThrough;
    return from !== null && (this.#isAny("unconfirmed", from) || this.#isAny("copies"));
  }

  #isAny(table: "copies" | "unconfirmed", after = ""): boolean {
    return this.#sql.exec(`SELECT 1 FROM ${table} WHERE key > ? LIMIT 1`, after).toArray().length > 0;
  }
}
