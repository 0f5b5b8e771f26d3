import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { ConfigurationError, type Settings } from "../config.ts";

/** A run id has one byte for its shard. */
const shardsSchema = z.record(z.string(), z.number().int().min(1).max(256));

/** How many workflow objects a tenant has: 1 unless `WORKFLOW_SHARDS` spreads it. */
export function shardsOf({ WORKFLOW_SHARDS }: Pick<Settings, "WORKFLOW_SHARDS">, clientId: string): number {
  if (WORKFLOW_SHARDS === undefined) return 1;
  const parsed = shardsSchema.safeParse(JSON.parse(WORKFLOW_SHARDS));
  if (!parsed.success)
    throw new ConfigurationError("WORKFLOW_SHARDS must be JSON of client id → number from 1 to 256");
  return parsed.data[clientId] ?? 1;
}

/**
 * The shard of an instance's new runs and of its memory: always 0 unless `WORKFLOW_SHARDS` spreads the tenant.
 * What belongs to one instance stays together, so that its runs share what it remembers.
 */
export function shardOf(
  settings: Pick<Settings, "WORKFLOW_SHARDS">,
  clientId: string,
  instanceId: string,
): number {
  const shards = shardsOf(settings, clientId);
  return shards === 1 ? 0 : new DataView(sha256(utf8ToBytes(instanceId)).buffer).getUint32(0) % shards;
}
