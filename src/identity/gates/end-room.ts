import { allHubShards } from "#src/objects/hub-spread.ts";
import type { Platform } from "#src/platform.ts";
import { hubSpreadOf } from "./hub-spread-repository.ts";

/**
 * Sends everybody out of the room of something that is gone. A hub that does not hear of it lets nobody in any more, and
 * has who is in there until their access tokens end: within the hour.
 * @param room `<kind>:<id>` of the thing
 */
export async function endRoom(
  { db, clock, objects }: Pick<Platform, "db" | "clock" | "objects">,
  clientId: string,
  room: string,
): Promise<void> {
  const shards = allHubShards(await hubSpreadOf(db, clientId), clock.now());
  await Promise.all(shards.map(async (shard) => (await objects.hub(clientId, shard)).endRoom(room)));
}
