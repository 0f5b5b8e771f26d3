import { type PlatformEvent, resumeAt } from "#src/events/index.ts";
import type { HubAddress } from "#src/objects/events-api.ts";
import { allHubShards, type HubSpread, hubShardsConcernedBy, unspread } from "#src/objects/hub-spread.ts";
import type { EventLog } from "../event-log.ts";
import { batchSize } from "./batches.ts";
import type { HubSpreadMark } from "./hub-spread-mark.ts";

/**
 * Hands events to the tenant's hub, or to one of those over which its sockets are spread.
 * @param isAfterGap whether some before them were never handed over, and are not in the log any more
 */
export type Publish = (
  shard: number,
  events: PlatformEvent[],
  isAfterGap: boolean,
) => Promise<{ sockets: number }>;

type Log = Pick<EventLog, "read" | "latest" | "published" | "markPublished">;

/** A page of the log, by the hubs whose listeners its events may concern. */
interface Page {
  since: number;
  latest: number;
  /** The number of its last event. */
  last: number;
  /** Whether the log has no more what came between `since` and its first event. */
  isAfterGap: boolean;
  meant: Map<number, PlatformEvent[]>;
}

/**
 * Who listens at the tenant's hubs, and up to where each hub has been told of the log. Where nobody listens nothing is
 * handed over: the log has everything, and whoever connects is heard of first.
 */
export class Audience {
  readonly #spread: HubSpreadMark;
  readonly #log: Log;
  /** Hubs that have said that nobody is there. A new instance of the object knows of none, so it asks. */
  readonly #empty = new Set<number>();
  /** The last event that each hub has been told; of those that are not here, the last that all have. */
  readonly #told = new Map<number, number>();
  #arrivals = 0;
  /** The page that was read last: several hubs are told of it. */
  #page: Page | undefined;

  constructor(spread: HubSpreadMark, log: Log) {
    this.#spread = spread;
    this.#log = log;
  }

  get spread(): HubSpread {
    return this.#spread.known;
  }

  /** The hubs at which somebody may listen. */
  get hubs(): number[] {
    return allHubShards(this.#spread.known, Date.now());
  }

  /** The hubs at which somebody may listen to what is a user's. */
  hubsOf(userId: string, now: number): number[] {
    return hubShardsConcernedBy(this.#spread.known, userId, now);
  }

  /** A socket has been opened. */
  arrived({ shard, spread }: HubAddress = { shard: 0, spread: unspread }): void {
    this.learn(spread);
    this.#empty.delete(shard);
    this.#arrivals++;
  }

  /** The tenant's sockets are spread in another way. */
  learn(spread: HubSpread): void {
    this.#spread.learn(spread);
    this.#page = undefined;
  }

  /**
   * Hands a hub what it has not been told, in order; others are told meanwhile, however long it takes or if it fails.
   * @returns whether there may be more
   */
  async tell(hub: number, publish: Publish): Promise<boolean> {
    if (this.#empty.has(hub)) return this.#hasBeenTold(hub, this.#log.latest);
    const { last, isAfterGap, meant } = this.#pageAfter(this.#toldThrough(hub));
    const events = meant.get(hub) ?? [];
    const arrivals = this.#arrivals;
    if (events.length > 0 || isAfterGap) {
      const { sockets } = await publish(hub, events, isAfterGap);
      // Somebody who came meanwhile may not have been counted.
      if (sockets === 0 && arrivals === this.#arrivals) this.#empty.add(hub);
    }
    return this.#hasBeenTold(hub, last);
  }

  #toldThrough = (hub: number): number => Math.max(this.#told.get(hub) ?? 0, this.#log.published);

  #hasBeenTold(hub: number, seq: number): boolean {
    this.#told.set(hub, seq);
    this.#log.markPublished(Math.min(...this.hubs.map(this.#toldThrough)));
    return seq < this.#log.latest;
  }

  #pageAfter(since: number): Page {
    const { latest } = this.#log;
    if (this.#page?.since === since && this.#page.latest === latest) return this.#page;
    const { events, ...extent } = this.#log.read({ since, limit: batchSize });
    const now = Date.now();
    const meant = new Map<number, PlatformEvent[]>();
    for (const event of events) {
      for (const hub of hubShardsConcernedBy(this.#spread.known, event.owner_user_id, now)) {
        const own = meant.get(hub) ?? [];
        own.push(event);
        meant.set(hub, own);
      }
    }
    const isAfterGap = resumeAt({ seq: since }, extent).gap !== undefined;
    this.#page = { since, latest, last: events.at(-1)?.seq ?? latest, isAfterGap, meant };
    return this.#page;
  }
}
