import { boundedData } from "#src/engine/event-data.ts";
import type { EventPage, EventQuery, Extent, PlatformEvent } from "#src/events/index.ts";
import { redactedData } from "#src/objects/redacted-data.ts";
import type { ChangeSignal } from "./change-signal.ts";
import { EventRows, type NewEvent } from "./event-rows.ts";
import { type Marks, marks as markNames } from "./marks.ts";

/** Events kept per tenant object; older ones are a gap for whoever comes back too late. */
const maxEvents = 20_000;

/** What one page of the log may hold in bytes of JSON; whoever wants more asks for the next one. */
const maxPageBytes = 248 * 1024;
/** About what an event has besides its data: names, ids, number and time. */
const envelopeBytes = 400;

/** Published events that a new instance may publish once more: the mark is written for so many at once. */
const maxRepeated = 200;

const encoder = new TextEncoder();

/** The tenant's one event log, numbered. SSE, WebSocket resume and webhooks all read from it. */
export class EventLog {
  readonly #sql: SqlStorage;
  readonly #rows: EventRows;
  readonly #marks: Marks;
  readonly #changes: ChangeSignal;
  /** The number of the last event that this instance knows to be published; the mark may lag behind. */
  #published: number | undefined;
  /** What the mark says, once it has been read. */
  #settled: number | undefined;
  /** Whether this instance began with events that were published, or were not, without the mark saying so. */
  #isUnsure = false;
  #epoch: number | undefined;

  constructor(sql: SqlStorage, marks: Marks, changes: ChangeSignal) {
    this.#sql = sql;
    this.#rows = new EventRows(sql);
    this.#marks = marks;
    this.#changes = changes;
  }

  /** Writes what has happened, in order; once for each transaction, since those of one thing share a row. */
  append(entries: readonly NewEvent[], now: number): void {
    this.#append(entries.map((entry) => ({ ...entry, at: now })));
  }

  #append(entries: readonly (NewEvent & { at: number })[]): void {
    this.#rows.put(entries.map((entry) => ({ ...entry, data: boundedData(entry.data) })));
    for (const { entity_id } of entries) this.#changes.touch(entity_id);
  }

  /** Takes out of what was told about runs all but what they have used and become; the events stay, and their numbers. */
  redact(runIds: readonly string[]): void {
    for (const id of runIds) this.#rows.rewrite(id, redactedData);
  }

  /** Takes over the events of another object of the tenant, in order, each once. */
  takeOver(source: string, events: readonly PlatformEvent[]): void {
    const mark = `taken:${source}`;
    const last = this.#marks.get(mark);
    const fresh = events.filter(({ seq }) => seq > last);
    this.#append(fresh.map(({ seq, timestamp, ...entry }) => ({ ...entry, at: Date.parse(timestamp) })));
    const end = fresh.at(-1)?.seq;
    if (end !== undefined) this.#marks.set(mark, end);
  }

  /** `append`, each once per id. */
  appendOnce(entries: readonly (NewEvent & { id: string })[], now: number): void {
    const fresh = entries.filter(({ id }) => this.#isFirst(id, now));
    this.append(
      fresh.map(({ id, ...entry }) => entry),
      now,
    );
  }

  #isFirst(id: string, now: number): boolean {
    return this.#sql.exec("INSERT OR IGNORE INTO appended (id, at) VALUES (?, ?)", id, now).rowsWritten > 0;
  }

  /** A page: at most `limit` events and 248 KiB of them, but always one if there is one. */
  read(query: EventQuery): EventPage {
    const events: PlatformEvent[] = [];
    let bytes = 0;
    for (const event of this.#rows.after(query)) {
      bytes += encoder.encode(JSON.stringify(event.data)).byteLength + envelopeBytes;
      if (events.length === query.limit || (events.length > 0 && bytes > maxPageBytes)) break;
      events.push(event);
    }
    return { events, ...this.extent() };
  }

  /** Which log it is, and its oldest and latest number. */
  extent(): Extent {
    return { epoch: this.epoch, oldest: this.#rows.oldest, latest: this.latest };
  }

  /** What tells this log from one that has begun anew: kept with it, and made when it is first asked for. */
  get epoch(): string {
    this.#epoch ??= this.#marks.get(markNames.epoch) || this.#begin();
    return this.#epoch.toString(36);
  }

  #begin(): number {
    // 48 bits: as many as a number holds exactly.
    const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
    const epoch = (high % 0x10000) * 0x100000000 + low + 1;
    this.#marks.set(markNames.epoch, epoch);
    return epoch;
  }

  get latest(): number {
    return this.#rows.latest;
  }

  /** Events the hub has not been given yet. */
  unpublished(limit: number): PlatformEvent[] {
    return this.read({ since: this.published, limit }).events;
  }

  /** The number of the last event that the hub has been given. */
  get published(): number {
    this.#published ??= this.#settledAt();
    return this.#published;
  }

  #settledAt(): number {
    if (this.#settled === undefined) {
      this.#settled = this.#marks.get(markNames.published);
      this.#isUnsure = this.#settled < this.latest;
    }
    return this.#settled;
  }

  /** Written down for many at once: whoever is given events twice keeps them once. */
  markPublished(seq: number): void {
    this.#published = Math.max(this.published, seq);
    if (this.#published >= this.#settledAt() + maxRepeated) this.#settle(this.#published);
  }

  /** Writes down what is published where an instance has had to find out, so that the next one need not. */
  settleWhatWasFound(): void {
    if (this.published > this.#settledAt() && this.#isUnsure) this.#settle(this.published);
  }

  #settle(seq: number): void {
    this.#marks.set(markNames.published, seq);
    this.#settled = seq;
    this.#isUnsure = false;
  }

  /** Drops what is older than the log keeps. */
  prune(now: number): void {
    this.#rows.drop(this.latest - maxEvents);
    this.#sql.exec("DELETE FROM appended WHERE at < ?", now - 7 * 86_400_000);
  }
}
