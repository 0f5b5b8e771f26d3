import { z } from "zod";
import type { LogEntry } from "#src/objects/conversation-api.ts";

/** What is kept of the log: so many entries, and all that is younger. */
const kept = { entries: 2000, ms: 3_600_000 };

/** No more than so many are kept, however young they are. */
export const maxKeptEntries = 10_000;

/** After so many entries the log is looked through for what may go. */
const prunedEvery = 200;

const dataSchema = z.record(z.string(), z.unknown());

/** The conversation's own numbered log: what who follows it is told, and told again after a while away. */
export class ConversationLog {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  append(event: string, data: Record<string, unknown>, now: number): void {
    const { seq } = this.#sql
      .exec<{ seq: number }>(
        `INSERT INTO log (seq, event, data, at)
         VALUES ((SELECT coalesce(max(seq), 0) + 1 FROM log), ?, ?, max(?, coalesce((SELECT at FROM log ORDER BY seq DESC LIMIT 1), 0)))
         RETURNING seq`,
        event,
        JSON.stringify(data),
        now,
      )
      .one();
    if (seq % prunedEvery === 0)
      this.#sql.exec(
        "DELETE FROM log WHERE seq <= ? OR (seq <= ? AND at < ?)",
        seq - maxKeptEntries,
        seq - kept.entries,
        now - kept.ms,
      );
  }

  /** Whoever reads it later is told that a message was there, and nothing of what it said. */
  blank(messageId: string): void {
    this.#sql.exec(
      `UPDATE log SET data = json_set(data, '$.message.content', '', '$.message.parts', json('[]'),
         '$.message.attachments', json('[]'))
       WHERE json_extract(data, '$.message.id') = ?`,
      messageId,
    );
  }

  /** When an entry was written, or the first that is kept of those behind it; undefined where none is. */
  timeOf(seq: number): number | undefined {
    return this.#sql
      .exec<{ at: number }>("SELECT at FROM log WHERE seq >= ? ORDER BY seq LIMIT 1", seq)
      .toArray()[0]?.at;
  }

  /** Forgets all that it was told before its last entry. */
  keepOnlyLast(): void {
    this.#sql.exec("DELETE FROM log WHERE seq < ?", this.latest);
  }

  /** The number of the last entry. */
  get latest(): number {
    return this.#sql.exec<{ seq: number }>("SELECT coalesce(max(seq), 0) AS seq FROM log").one().seq;
  }

  /** Entries behind a number, and whether some of those are not kept any more. */
  read(since: number, limit: number): { entries: LogEntry[]; isGap: boolean } {
    const [first] = this.#sql.exec<{ seq: number }>("SELECT seq FROM log ORDER BY seq LIMIT 1").toArray();
    const entries = this.#sql
      .exec<{ seq: number; event: string; data: string; at: number }>(
        "SELECT seq, event, data, at FROM log WHERE seq > ? ORDER BY seq LIMIT ?",
        since,
        limit,
      )
      .toArray()
      .map(({ data, ...entry }) => ({ ...entry, data: dataSchema.parse(JSON.parse(data)) }));
    return { entries, isGap: first !== undefined && since < first.seq - 1 };
  }
}
