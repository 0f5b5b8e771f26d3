import type { EventQuery, PlatformEvent } from "#src/events/index.ts";
import { isoTime } from "#src/kernel/clock.ts";

/** An event that has no number yet. `beside` names a thing with whose events it shares a row, although it is about another. */
export type NewEvent = Omit<PlatformEvent, "seq" | "timestamp"> & { beside?: string };

/** `at` in epoch milliseconds. */
type Unnumbered = NewEvent & { at: number };

/** An event in its block, which says its number, and what it is about where the event does not. */
type InBlock = Omit<Unnumbered, "entity_id" | "beside"> & { entity_id?: string };

type Block = { first_seq: number; entity_id: string; events: string };

type Row = {
  seq: number;
  event: string;
  entity_id: string;
  owner_user_id: string | null;
  data: string;
  at: number;
};

/** Numbers that an older build, which counts by `events` alone, is kept away from at a time. */
const reserve = 10_000;

/** The number of the latest event; 0 while there is none. */
const latest = `max(coalesce((SELECT last_seq FROM event_blocks ORDER BY first_seq DESC LIMIT 1), 0),
  coalesce((SELECT max(seq) FROM events), 0))`;

/** Writes a block behind all that there is. */
const putBlock = `INSERT INTO event_blocks (first_seq, last_seq, entity_id, events)
  SELECT seq + 1, seq + ?, ?, ? FROM (SELECT ${latest} AS seq) RETURNING last_seq`;

/**
 * The rows of the event log: a block for what one write has told about one thing. Builds before had a row for each event
 * in `events`; those are read as well, in order, whatever was written in between by a build that was rolled back to.
 */
export class EventRows {
  readonly #sql: SqlStorage;
  /** Up to where numbers are known to be reserved. */
  #reserved = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Numbers events and writes them. */
  put(events: readonly Unnumbered[]): void {
    if (events.length === 0) return;
    for (const { entityId, texts } of blocksOf(events)) {
      const { last_seq } = this.#sql
        .exec<{ last_seq: number }>(putBlock, texts.length, entityId, `[${texts.join(",")}]`)
        .one();
      this.#reserve(last_seq);
    }
  }

  /** Has a build that is rolled back to number its events behind ours. */
  #reserve(seq: number): void {
    if (seq <= this.#reserved) return;
    // Noted as it is found, not as it is written: what is written may be rolled back.
    this.#reserved = this.#number("SELECT seq AS n FROM sqlite_sequence WHERE name = 'events'");
    if (seq <= this.#reserved) return;
    const row = "INSERT INTO events (seq, event, entity_id, data, at) VALUES (?, '', '', '', 0)";
    this.#sql.exec(row, seq + reserve);
    this.#sql.exec("DELETE FROM events WHERE seq = ?", seq + reserve);
  }

  /** Events behind a number, in order; those about one thing, or all. Never fewer than `limit` while there are so many. */
  *after({ since, entityId, limit }: EventQuery): Generator<PlatformEvent> {
    const rows = this.#fromEvents({ since, entityId, limit });
    let row = rows.next();
    for (const event of this.#fromBlocks({ since, entityId, limit })) {
      for (; !row.done && row.value.seq < event.seq; row = rows.next()) yield row.value;
      yield event;
    }
    for (; !row.done; row = rows.next()) yield row.value;
  }

  *#fromBlocks({ since, entityId, limit }: EventQuery): Generator<PlatformEvent> {
    const [filter, about] = entityId === undefined ? ["", []] : ["AND entity_id = ?", [entityId]];
    const blocks = this.#sql.exec<Block>(
      `SELECT first_seq, entity_id, events FROM event_blocks WHERE first_seq >= coalesce(
         (SELECT first_seq FROM event_blocks WHERE first_seq <= ? ${filter} ORDER BY first_seq DESC LIMIT 1), 0)
       ${filter} ORDER BY first_seq LIMIT ?`,
      since,
      ...about,
      ...about,
      // The first one may be all behind the number.
      limit + 1,
    );
    for (const { first_seq, entity_id, events } of blocks) {
      const inBlock: InBlock[] = JSON.parse(events);
      for (const [index, { at, ...event }] of inBlock.entries()) {
        const seq = first_seq + index;
        const about = event.entity_id ?? entity_id;
        if (seq > since && about === (entityId ?? about))
          yield { seq, ...event, entity_id: about, timestamp: isoTime(at) };
      }
    }
  }

  *#fromEvents({ since, entityId, limit }: EventQuery): Generator<PlatformEvent> {
    const [filter, about] = entityId === undefined ? ["", []] : ["AND entity_id = ?", [entityId]];
    const rows = this.#sql.exec<Row>(
      `SELECT * FROM events WHERE seq > ? ${filter} ORDER BY seq LIMIT ?`,
      since,
      ...about,
      limit,
    );
    for (const { at, data, ...row } of rows) yield { ...row, data: JSON.parse(data), timestamp: isoTime(at) };
  }

  get latest(): number {
    return this.#number(`SELECT ${latest} AS n`);
  }

  get oldest(): number {
    const oldest = [
      this.#number("SELECT min(first_seq) AS n FROM event_blocks"),
      this.#number("SELECT min(seq) AS n FROM events"),
    ].filter((seq) => seq > 0);
    return oldest.length === 0 ? 0 : Math.min(...oldest);
  }

  /** Has all blocks about one thing say something else in the data of their events. */
  rewrite(entityId: string, change: (data: InBlock["data"]) => InBlock["data"]): void {
    const blocks = this.#sql
      .exec<Block>("SELECT first_seq, entity_id, events FROM event_blocks WHERE entity_id = ?", entityId)
      .toArray();
    for (const { first_seq, events } of blocks) {
      const inBlock: InBlock[] = JSON.parse(events);
      const changed = inBlock.map((event) => ({ ...event, data: change(event.data) }));
      this.#sql.exec(
        "UPDATE event_blocks SET events = ? WHERE first_seq = ?",
        JSON.stringify(changed),
        first_seq,
      );
    }
  }

  /** Drops what is no younger than a number; a block as a whole. */
  drop(through: number): void {
    this.#sql.exec("DELETE FROM events WHERE seq <= ?", through);
    // Blocks are in order: the first that is younger ends what goes.
    this.#sql.exec(`DELETE FROM event_blocks WHERE first_seq <= ? AND last_seq <= ?`, through, through);
  }

  #number(query: string): number {
    return this.#sql.exec<{ n: number | null }>(query).toArray()[0]?.n ?? 0;
  }
}

/** Longest block in characters, of which each may take three bytes: a row has 2 MB. */
const maxBlock = 256 * 1024;

/** Neighbours about the same thing stand together, as many as a row holds; each as its JSON text. */
function blocksOf(events: readonly Unnumbered[]): { entityId: string; texts: string[] }[] {
  const blocks: { entityId: string; texts: string[]; length: number }[] = [];
  for (const { entity_id: about, beside, ...own } of events) {
    const entity_id = beside ?? about;
    const event: InBlock = beside === undefined ? own : { ...own, entity_id: about };
    const text = JSON.stringify(event);
    const last = blocks.at(-1);
    if (last?.entityId === entity_id && last.length + text.length <= maxBlock) {
      last.texts.push(text);
      last.length += text.length;
    } else blocks.push({ entityId: entity_id, texts: [text], length: text.length });
  }
  return blocks;
}
