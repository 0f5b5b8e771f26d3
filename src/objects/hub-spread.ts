import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";

/** Objects that one tenant's sockets may be spread over. */
export const maxHubShards = 64;

/**
 * For so long after a change there may still be sockets where the numbers before had put them: no longer than an
 * access token lives, with which its sockets end.
 */
const settlingMs = 86_400_000;

const count = z.number().int().min(1).max(maxHubShards);

/** Over how many objects a tenant's sockets are spread. */
export const hubSpreadSchema = z.object({
  hubShards: count,
  /** The most that there were lately. */
  hubShardsBefore: count,
  /** When that changed, in epoch milliseconds; of two spreads the later one counts. */
  hubShardsAt: z.number(),
});

export type HubSpread = z.infer<typeof hubSpreadSchema>;

/** One object for all, as long as nobody says otherwise. */
export const unspread: HubSpread = { hubShards: 1, hubShardsBefore: 1, hubShardsAt: 0 };

/** A spread over another number of objects. */
export const spreadOver = (hubShards: number, before: HubSpread, now: number): HubSpread => ({
  hubShards,
  hubShardsBefore: allHubShards(before, now).length,
  hubShardsAt: now,
});

const placeOf = (userId: string, shards: number): number =>
  shards === 1 ? 0 : new DataView(sha256(utf8ToBytes(userId)).buffer).getUint32(0) % shards;

/** The shard at which somebody's sockets open: by the user, or at 0, where everything is told, those who hear of others. */
export const hubShardOf = (
  { hubShards }: HubSpread,
  userId: string,
  { hearsOfOthers }: { hearsOfOthers: boolean },
): number => (hearsOfOthers ? 0 : placeOf(userId, hubShards));

const isSettled = ({ hubShardsAt }: HubSpread, now: number): boolean => now >= hubShardsAt + settlingMs;

/** All shards at which there may be sockets of a tenant. */
export function allHubShards(spread: HubSpread, now: number): number[] {
  const { hubShards, hubShardsBefore } = spread;
  const length = isSettled(spread, now) ? hubShards : Math.max(hubShards, hubShardsBefore);
  return Array.from({ length }, (_, shard) => shard);
}

/** The shards whose sockets something of a user, or, without one, of the whole tenant, may concern. */
export function hubShardsConcernedBy(spread: HubSpread, userId: string | null, now: number): number[] {
  if (userId === null || !isSettled(spread, now)) return allHubShards(spread, now);
  return [...new Set([0, placeOf(userId, spread.hubShards)])];
}
