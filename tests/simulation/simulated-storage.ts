import { DatabaseSync, type StatementSync } from "node:sqlite";
import { Mishap } from "./mishap.ts";

/** The process has died; whatever it was doing is undone. */
export class Crash extends Mishap {}

const isRow = <T extends Record<string, SqlStorageValue>>(row: Record<string, unknown>): row is T =>
  Object.values(row).every(
    (value) => value === null || typeof value === "string" || typeof value === "number",
  );

class Cursor<T extends Record<string, SqlStorageValue>> implements SqlStorageCursor<T> {
  readonly columnNames: string[] = [];
  readonly rowsRead = 0;
  readonly rowsWritten = 0;
  readonly #rows: T[];

  constructor(rows: T[] = []) {
    this.#rows = rows;
  }

  next(): IteratorResult<T, undefined> {
    const value = this.#rows.shift();
    return value ? { done: false, value } : { done: true, value: undefined };
  }

  toArray(): T[] {
    return this.#rows;
  }

  one(): T {
    const [row, ...more] = this.#rows;
    if (!row || more.length > 0) throw new Error(`one() found ${this.#rows.length} rows`);
    return row;
  }

  raw<U extends SqlStorageValue[]>(): IterableIterator<U> {
    throw new Error("raw() is not simulated");
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#rows.values();
  }
}

/** The part of a Durable Object's storage that the workflow object uses, over a real SQLite database in memory. */
export class SimulatedStorage {
  readonly #database = new DatabaseSync(":memory:");
  readonly #statements = new Map<string, StatementSync>();
  #alarm: number | null = null;
  /** Statements until the process dies; infinite when it does not. */
  #untilCrash = Number.POSITIVE_INFINITY;
  readonly sql: SqlStorage;
  /** Called whenever the alarm was set. */
  onAlarm: () => void = () => undefined;

  readonly #writesHalf: boolean;

  /** @param writesHalf what was written before a crash stays, as it must not */
  constructor(writesHalf = false) {
    this.#writesHalf = writesHalf;
    const exec: SqlStorage["exec"] = (query, ...values) => this.#exec(query, values);
    this.sql = { exec, databaseSize: 0, Cursor, Statement: class {} };
  }

  get alarm(): number | null {
    return this.#alarm;
  }

  async setAlarm(at: number | Date): Promise<void> {
    this.#alarm = Number(at);
    this.onAlarm();
  }

  async deleteAlarm(): Promise<void> {
    this.#alarm = null;
  }

  transactionSync<T>(closure: () => T): T {
    this.#database.exec("SAVEPOINT inner");
    try {
      const value = closure();
      this.#database.exec("RELEASE inner");
      return value;
    } catch (error) {
      if (!this.#writesHalf) this.#database.exec("ROLLBACK TO inner");
      this.#database.exec("RELEASE inner");
      throw error;
    }
  }

  /**
   * What an object does between two waits reaches the disk whole or not at all.
   * @param crashAfter statements after which the process dies in the middle
   * @throws Crash when it has died; then nothing of it has happened
   */
  async atomically<T>(work: () => T | Promise<T>, crashAfter: number = Number.POSITIVE_INFINITY): Promise<T> {
    const alarm = this.#alarm;
    this.#untilCrash = crashAfter;
    this.#database.exec("BEGIN");
    try {
      const value = await work();
      if (this.#untilCrash <= 0) throw new Crash();
      this.#database.exec("COMMIT");
      return value;
    } catch (error) {
      const died = this.#untilCrash <= 0;
      this.#database.exec(died && !this.#writesHalf ? "ROLLBACK" : "COMMIT");
      if (died) this.#alarm = alarm;
      throw died ? new Crash() : error;
    } finally {
      this.#untilCrash = Number.POSITIVE_INFINITY;
    }
  }

  /** A look from outside: no part of what happens. */
  read(query: string): Record<string, unknown>[] {
    return this.#database.prepare(query).all();
  }

  close(): void {
    this.#database.close();
  }

  #exec<T extends Record<string, SqlStorageValue>>(query: string, values: unknown[]): Cursor<T> {
    if (--this.#untilCrash <= 0) throw new Crash();
    if (values.length === 0 && query.includes(";\n")) {
      this.#database.exec(query);
      return new Cursor<T>();
    }
    const statement = this.#statements.get(query) ?? this.#database.prepare(query);
    this.#statements.set(query, statement);
    const rows = statement.all(...values.map(sqlValue)).filter((row) => isRow<T>(row));
    return new Cursor<T>(rows);
  }
}

/** Durable Objects take these and nothing else. */
function sqlValue(value: unknown): string | number | null {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  throw new TypeError(`SQLite cannot store a ${typeof value}`);
}
