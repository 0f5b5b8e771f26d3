import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { ConfigurationError, type Settings } from "#src/kernel/config.ts";
import { startOfRun } from "./run-id.ts";

/** A run id has one byte for its shard. */
const count = z.number().int().min(1).max(256);

const shardsSchema = z.record(z.string(), z.union([count, z.record(z.iso.datetime(), count)]));

/** From when on a tenant has how many objects, in order; epoch milliseconds. */
type Stage = { from: number; shards: number };

const known = new Map<string, ReadonlyMap<string, readonly Stage[]>>();

/** `WORKFLOW_SHARDS`, parsed once. */
function stagesOf(setting: string, clientId: string): readonly Stage[] {
  const stages = known.get(setting) ?? parse(setting);
  known.set(setting, stages);
  return stages.get(clientId) ?? [];
}

function parse(setting: string): ReadonlyMap<string, readonly Stage[]> {
  const parsed = shardsSchema.safeParse(jsonOf(setting));
  if (!parsed.success) {
    throw new ConfigurationError(
      "WORKFLOW_SHARDS must be JSON of client id → number from 1 to 256, or client id → {time: number}",
    );
  }
  return new Map(
    Object.entries(parsed.data).map(([clientId, shards]) => [
      clientId,
      typeof shards === "number"
        ? [{ from: 0, shards }]
        : Object.entries(shards)
            .map(([time, number]) => ({ from: Date.parse(time), shards: number }))
            .sort((a, b) => a.from - b.from),
    ]),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type ShardSettings = Pick<Settings, "WORKFLOW_SHARDS">;

/** How many workflow objects a tenant has or ever had: 1 unless `WORKFLOW_SHARDS` spreads it. */
export const shardsOf = ({ WORKFLOW_SHARDS = "{}" }: ShardSettings, clientId: string): number =>
  Math.max(1, ...stagesOf(WORKFLOW_SHARDS, clientId).map(({ shards }) => shards));

/**
 * The shard of an instance's runs and of its memory: always 0 unless `WORKFLOW_SHARDS` spreads the tenant.
 * What belongs to one instance stays together and where it is: what counts is how many shards there
 * were when the instance was made, which its id tells. A tenant is spread further by a further time.
 */
export function shardOf(
  { WORKFLOW_SHARDS = "{}" }: ShardSettings,
  clientId: string,
  instanceId: string,
): number {
  const made = startOfRun(instanceId);
  const { shards } = stagesOf(WORKFLOW_SHARDS, clientId).findLast(({ from }) => from <= made) ?? {
    shards: 1,
  };
  return shards === 1 ? 0 : new DataView(sha256(utf8ToBytes(instanceId)).buffer).getUint32(0) % shards;
}
