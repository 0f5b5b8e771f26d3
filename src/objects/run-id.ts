import { v7 as uuidv7 } from "uuid";

/**
 * A run id is a UUIDv7 whose last byte says which of the tenant's workflow
 * objects holds the run, so a large tenant can be spread over several objects
 * and every run is still found by its id alone.
 */
export function newRunId(shard: number, now: number): string {
  const id = uuidv7({ msecs: now });
  return id.slice(0, -2) + shard.toString(16).padStart(2, "0");
}

/** The shard written in a run id; 0 for what is none. */
export const shardOfRun = (runId: string): number => Number.parseInt(runId.slice(-2), 16) || 0;

/** The name of the object of a tenant's shard; shard 0 is the tenant's own name. */
export const shardName = (clientId: string, shard: number): string =>
  shard === 0 ? clientId : `${clientId}:${shard}`;

/** When a run was started (or an instance made), in epoch milliseconds: a UUIDv7 begins with it. */
export const startOfRun = (runId: string): number =>
  Number.parseInt(runId.replaceAll("-", "").slice(0, 12), 16);
