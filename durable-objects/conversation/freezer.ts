import { type Outcome, success } from "#src/kernel/outcome.ts";
import { partsOf, restorePart } from "./archive-rows.ts";
import { archivedTables, passingTables } from "./archive-tables.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { TurnOutbox } from "./turn-outbox.ts";

/** R2, as far as it is needed. */
interface Blobs {
  put(key: string, text: string, options: { httpMetadata: { contentType: string } }): Promise<unknown>;
  get(key: string): Promise<{ text(): Promise<string> } | null>;
  list(of: { prefix: string }): Promise<{ objects: { key: string }[]; truncated: boolean }>;
  delete(keys: string[]): Promise<void>;
}

interface Parts {
  sql: SqlStorage;
  clientId: string;
  id: string;
  state: ConversationState;
  outbox: TurnOutbox;
  blobs: Blobs;
  /** Writes what belongs together. */
  write<T>(work: (now: number) => T): T;
  /** Whether somebody is listening. */
  isHeard(): boolean;
  /** Has the alarm ring by a time. */
  armBy(at: number): Promise<void>;
}

type ArchiveRow = { parts: number; archived_at: number | null; is_thawed: number };

/** So long what was read of an archived conversation stays in its tables. */
const thawedMs = 3_600_000;

/**
 * Moves what was said in a conversation that ended long ago to R2, and back for as long as somebody reads it. It is written
 * and looked at before the tables are emptied, and the mark is set with the same transaction that empties them: whatever
 * interrupts, all of it is in one of the two.
 */
export class Freezer {
  readonly #parts: Parts;
  #thawing: Promise<void> | undefined;
  #archiving: Promise<boolean> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether it takes no more messages. */
  get isArchived(): boolean {
    return this.#parts.state.isThere && this.#row !== undefined && this.#row.archived_at !== null;
  }

  /** Moves it, where it had ended by a time and has nothing more to tell. @returns whether it is archived */
  async archive(endedBefore: number): Promise<Outcome<{ archived: boolean }>> {
    if (this.isArchived) return success({ archived: true });
    if (!this.#isDue(endedBefore)) return success({ archived: false });
    // Once at a time: what one has emptied the other would write over the parts of the first.
    this.#archiving ??= this.#move(endedBefore).finally(() => {
      this.#archiving = undefined;
    });
    return success({ archived: await this.#archiving });
  }

  async #move(endedBefore: number): Promise<boolean> {
    const { sql, write } = this.#parts;
    // Noted before anything lies in R2: erasing it clears that away as well.
    write(() =>
      sql.exec("INSERT OR IGNORE INTO archive (only, parts, archived_at, is_thawed) VALUES (1, 0, NULL, 0)"),
    );
    const written = this.#written;
    const parts = await this.#store(written);
    return write((now) => {
      if (parts === undefined || this.#written !== written || !this.#isDue(endedBefore)) return false;
      this.#empty();
      for (const table of passingTables) sql.exec(`DELETE FROM ${table}`);
      sql.exec("UPDATE archive SET parts = ?, archived_at = ?, is_thawed = 0", parts, now);
      return true;
    });
  }

  /** How many rows the object has written: not all that changes has a revision, such as what the staff notes. */
  get #written(): number {
    return this.#parts.sql.exec<{ rows: number }>("SELECT total_changes() AS rows").one().rows;
  }

  #isDue(endedBefore: number): boolean {
    const { state, outbox } = this.#parts;
    if (!state.isThere) return false;
    const { status, ended_at: endedAt } = state.row;
    return status === "ended" && endedAt !== null && endedAt <= endedBefore && outbox.nextAt === null;
  }

  /** Writes all parts, and reads each again; undefined where it has changed meanwhile. */
  async #store(written: number): Promise<number | undefined> {
    const { sql, blobs } = this.#parts;
    let count = 0;
    for (const part of partsOf(sql)) {
      const key = this.#keyOf(count++);
      await blobs.put(key, part, { httpMetadata: { contentType: "application/x-ndjson" } });
      const stored = await (await blobs.get(key))?.text();
      if (stored !== part) throw new Error(`The part ${key} does not say what was written`);
      if (this.#written !== written) return undefined;
    }
    return count;
  }

  /** Has what was said stand in the tables, for whoever is about to read it. */
  async thaw(): Promise<void> {
    if (!this.#isFrozen) return;
    this.#thawing ??= this.#restore().finally(() => {
      this.#thawing = undefined;
    });
    await this.#thawing;
  }

  get #isFrozen(): boolean {
    return this.isArchived && this.#row?.is_thawed === 0;
  }

  async #restore(): Promise<void> {
    const { sql, blobs, outbox, write, armBy } = this.#parts;
    // What an interrupted one has left.
    write(() => this.#empty());
    const parts = this.#row?.parts ?? 0;
    for (let number = 0; number < parts; number++) {
      const part = await (await blobs.get(this.#keyOf(number)))?.text();
      // It was erased meanwhile: nothing of it comes back.
      if (!this.#isFrozen) return;
      if (part === undefined) throw new Error(`The part ${this.#keyOf(number)} is not there`);
      write(() => restorePart(sql, part));
    }
    const until = write((now) => {
      if (!this.#isFrozen) return undefined;
      sql.exec("UPDATE archive SET is_thawed = 1");
      outbox.at("freeze", now + thawedMs, now);
      return now + thawedMs;
    });
    if (until !== undefined) await armBy(until);
  }

  /** Takes what was read out of the tables again, when nobody listens. */
  freeze(): void {
    const { sql, outbox, write, isHeard } = this.#parts;
    write((now) => {
      if (this.isArchived && isHeard()) return outbox.postponeTo("freeze", now + thawedMs);
      outbox.remove("", "freeze");
      if (!this.isArchived) return;
      this.#empty();
      sql.exec("UPDATE archive SET is_thawed = 0");
    });
  }

  /** It is erased: nothing comes back out of the archive. Call inside the transaction. */
  forget(): void {
    this.#parts.sql.exec("DELETE FROM archive");
  }

  /** Removes what lies in R2 of it. */
  async removeAll(): Promise<void> {
    const { blobs } = this.#parts;
    for (let isMore = true; isMore; ) {
      const page = await blobs.list({ prefix: this.#prefix });
      if (page.objects.length > 0) await blobs.delete(page.objects.map(({ key }) => key));
      isMore = page.truncated;
    }
  }

  #empty(): void {
    const { sql } = this.#parts;
    // The last entry of the log says how far it has come.
    sql.exec("DELETE FROM log WHERE seq < (SELECT max(seq) FROM log)");
    for (const table of archivedTables) if (table !== "log") sql.exec(`DELETE FROM ${table}`);
  }

  get #prefix(): string {
    return `conversations/${this.#parts.clientId}/${this.#parts.id}/`;
  }

  #keyOf(part: number): string {
    return `${this.#prefix}${part}.ndjson`;
  }

  get #row(): ArchiveRow | undefined {
    if (!this.#parts.state.hasBegun) return undefined;
    return this.#parts.sql.exec<ArchiveRow>("SELECT parts, archived_at, is_thawed FROM archive").toArray()[0];
  }
}
