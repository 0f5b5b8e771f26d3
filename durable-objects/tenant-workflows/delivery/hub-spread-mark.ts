import { type HubSpread, unspread } from "#src/objects/hub-spread.ts";
import type { Marks } from "../marks.ts";

const names = {
  hubShards: "hub_shards",
  hubShardsBefore: "hub_shards_before",
  hubShardsAt: "hub_shards_at",
} as const;

/** Over how many hubs the tenant's sockets are spread, as far as whoever has opened one has said. */
export class HubSpreadMark {
  readonly #marks: Pick<Marks, "get" | "set">;
  #known: HubSpread;

  constructor(marks: Pick<Marks, "get" | "set">) {
    this.#marks = marks;
    const hubShardsAt = marks.get(names.hubShardsAt);
    this.#known =
      hubShardsAt === 0
        ? unspread
        : {
            hubShards: marks.get(names.hubShards),
            hubShardsBefore: marks.get(names.hubShardsBefore),
            hubShardsAt,
          };
  }

  get known(): HubSpread {
    return this.#known;
  }

  /** An older one than is known changes nothing. */
  learn(spread: HubSpread): void {
    if (spread.hubShardsAt <= this.#known.hubShardsAt) return;
    this.#known = spread;
    this.#marks.set(names.hubShards, spread.hubShards);
    this.#marks.set(names.hubShardsBefore, spread.hubShardsBefore);
    this.#marks.set(names.hubShardsAt, spread.hubShardsAt);
  }
}
