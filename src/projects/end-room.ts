import { hubSpreadOf } from "#src/identity/index.ts";
import { allHubShards } from "#src/objects/hub-spread.ts";
import type { Platform } from "#src/platform.ts";
import type { ProjectRow } from "./project-repository.ts";

/**
 * Sends everybody out of the room of a project that is gone. A hub that does not hear of it lets nobody in any more, and
 * has who is in there until their access tokens end: within the hour.
 */
export async function endRoom(
  { db, clock, objects }: Pick<Platform, "db" | "clock" | "objects">,
  { clientId, id }: Pick<ProjectRow, "clientId" | "id">,
): Promise<void> {
  const shards = allHubShards(await hubSpreadOf(db, clientId), clock.now());
  await Promise.all(
    shards.map(async (shard) => (await objects.hub(clientId, shard)).endRoom(`project:${id}`)),
  );
}
