import { hubShardsConcernedBy } from "#src/objects/hub-spread.ts";
import type { Platform } from "#src/platform.ts";
import { hubSpreadOf } from "./hub-spread-repository.ts";

/**
 * Closes, with 4003, all that an account hears its tenant by, since it may hear less from now on: what it opens again is
 * weighed anew.
 * @throws when not all could be told: said again, it is done again
 */
export async function endRights(
  { db, clock, objects }: Pick<Platform, "db" | "clock" | "objects">,
  clientId: string,
  userId: string,
): Promise<void> {
  const shards = hubShardsConcernedBy(await hubSpreadOf(db, clientId), userId, clock.now());
  await Promise.all([
    (await objects.gate(clientId)).endRights(userId),
    ...shards.map(async (shard) => (await objects.hub(clientId, shard)).endRights(userId)),
  ]);
}
