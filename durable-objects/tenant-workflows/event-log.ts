import { boundedData } from "#src/engine/event-data.ts";
import type { EventPage, EventQuery, PlatformEvent } from "#src/events/index.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { ChangeSignal } from "./change-signal.ts";
import type { Marks } from "./marks.ts";

/** Events kept per tenant object; older ones are a gap for whoever comes back too late. */
const maxEvents = 20_000;

/** What one page of the log may hold in bytes of JSON; whoever wants more asks for the next one. */
const maxPageBytes = 248 * 1024;
/** About what an event has besides its data: names, ids, number and time. */
const envelopeBytes = 400;

type EventRow = {
  seq: number;
  event: string;
  entity_id: string;
  owner_user_id: string | null;
  data: string;
  at: number;
};

const encoder = new TextEncoder();

const parse = ({ at, data, ...row }: EventRow): PlatformEvent => ({
  ...row,
  data: JSON.parse(data),
  timestamp: isoTime(at),
});

/** The tenant's one event log, numbered. SSE, WebSocket resume and webhooks all read from it. */
export class EventLog {
  readonly #sql: SqlStorage;
  readonly #marks: Marks;
  readonly #changes: ChangeSignal;

  constructor(sql: SqlStorage, marks: Marks, changes: ChangeSignal) {
    this.#sql = sql;
    this.#marks = marks;
    this.#changes = changes;
  }

  append(entry: Omit<PlatformEvent, "seq" | "timestamp">, now: number): void {
    this.#sql.exec(
      "INSERT INTO events (event, entity_id, owner_user_id, data, at) VALUES (?, ?, ?, ?, ?)",
      entry.event,
      entry.entity_id,
      entry.owner_user_id,
      JSON.stringify(boundedData(entry.data)),
      now,
    );
    this.#changes.touch(entry.entity_id);
  }

  /** Takes over the events of another object of the tenant, in order, each once. */
  takeOver(source: string, events: readonly PlatformEvent[]): void {
    const mark = `taken:${source}`;
    const last = this.#marks.get(mark);
    const fresh = events.filter(({ seq }) => seq > last);
    for (const { timestamp, ...entry } of fresh) this.append(entry, Date.parse(timestamp));
    const end = fresh.at(-1)?.seq;
    if (end !== undefined) this.#marks.set(mark, end);
  }

  /** `append` once per id. */
  appendOnce(id: string, entry: Omit<PlatformEvent, "seq" | "timestamp">, now: number): void {
    const { rowsWritten } = this.#sql.exec("INSERT OR IGNORE INTO appended (id, at) VALUES (?, ?)", id, now);
    if (rowsWritten > 0) this.append(entry, now);
  }

  /** A page: at most `limit` events and 248 KiB of them, but always one if there is one. */
  read({ since, entityId, limit }: EventQuery): EventPage {
    const [filter, values] = entityId === undefined ? ["", []] : ["AND entity_id = ?", [entityId]];
    const rows = this.#sql.exec<EventRow>(
      `SELECT * FROM events WHERE seq > ? ${filter} ORDER BY seq LIMIT ?`,
      since,
      ...values,
      limit,
    );
    const events: PlatformEvent[] = [];
    let bytes = 0;
    for (const row of rows) {
      bytes += encoder.encode(row.data).byteLength + envelopeBytes;
      if (events.length > 0 && bytes > maxPageBytes) break;
      events.push(parse(row));
    }
    return { events, ...this.extent() };
  }

  /** The oldest and the latest number that the log has. */
  extent(): { oldest: number; latest: number } {
    return { oldest: this.#number("SELECT min(seq) AS n FROM events"), latest: this.latest };
  }

  get latest(): number {
    return this.#number("SELECT max(seq) AS n FROM events");
  }

  /** Events the hub has not been given yet. */
  unpublished(limit: number): PlatformEvent[] {
    return this.read({ since: this.#marks.get("published"), limit }).events;
  }

  markPublished(seq: number): void {
    if (this.#marks.get("published") < seq) this.#marks.set("published", seq);
  }

  /** Drops what is older than the log keeps. */
  prune(now: number): void {
    this.#sql.exec("DELETE FROM events WHERE seq <= ?", this.latest - maxEvents);
    this.#sql.exec("DELETE FROM appended WHERE at < ?", now - 7 * 86_400_000);
  }

  #number(query: string): number {
    return this.#sql.exec<{ n: number | null }>(query).one().n ?? 0;
  }
}
