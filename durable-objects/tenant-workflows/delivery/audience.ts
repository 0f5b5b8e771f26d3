import type { PlatformEvent } from "#src/events/index.ts";
import type { HubAddress } from "#src/objects/events-api.ts";
import { allHubShards, hubShardsConcernedBy, unspread } from "#src/objects/hub-spread.ts";
import type { HubSpreadMark } from "./hub-spread-mark.ts";

/** Hands events to the tenant's hub, or to one of those over which its sockets are spread. */
type Publish = (shard: number, events: PlatformEvent[]) => Promise<{ sockets: number }>;

/**
 * Whether anybody listens at the tenant's hubs. While nobody does, nothing is
 * handed to them: the log has everything, and whoever connects is heard of first.
 */
export class Audience {
  readonly #spread: HubSpreadMark;
  /** Hubs that have said that nobody is there. A new instance of the object knows of none, so it asks. */
  readonly #empty = new Set<number>();
  #arrivals = 0;

  constructor(spread: HubSpreadMark) {
    this.#spread = spread;
  }

  get isPresent(): boolean {
    return allHubShards(this.#spread.known, Date.now()).some((shard) => !this.#empty.has(shard));
  }

  /** The hubs at which somebody may listen to what is a user's. */
  hubsOf(userId: string, now: number): number[] {
    return hubShardsConcernedBy(this.#spread.known, userId, now);
  }

  /** A socket has been opened. */
  arrived({ shard, spread }: HubAddress = { shard: 0, spread: unspread }): void {
    this.#spread.learn(spread);
    this.#empty.delete(shard);
    this.#arrivals++;
  }

  /** Hands events over to the hubs whose listeners they may concern, in order, unless nobody would hear them there. */
  async tell(events: readonly PlatformEvent[], publish: Publish): Promise<void> {
    const now = Date.now();
    const meant = new Map<number, PlatformEvent[]>();
    for (const event of events) {
      for (const shard of hubShardsConcernedBy(this.#spread.known, event.owner_user_id, now)) {
        if (this.#empty.has(shard)) continue;
        const own = meant.get(shard) ?? [];
        own.push(event);
        meant.set(shard, own);
      }
    }
    const arrivals = this.#arrivals;
    await Promise.all(
      [...meant].map(async ([shard, own]) => {
        const { sockets } = await publish(shard, own);
        // Somebody who came meanwhile may not have been counted.
        if (sockets === 0 && arrivals === this.#arrivals) this.#empty.add(shard);
      }),
    );
  }
}
