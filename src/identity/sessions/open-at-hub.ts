import type { SignedIn } from "#src/kernel/actor.ts";
import { hubShardOf } from "#src/objects/hub-spread.ts";
import type { Platform } from "#src/platform.ts";
import { callerOf, hearsOfOthers, type Opening, openingHeader } from "#src/realtime/index.ts";
import { hubSpreadOf } from "../gates/hub-spread-repository.ts";
import { nobodyCanTell } from "./verified-token.ts";

/** Opens a socket at the hub of the tenant that is somebody's: 101; 401 for a ticket that has been used; 429 when there are too many. */
export async function openAtHub(
  { db, objects }: Pick<Platform, "db" | "objects">,
  actor: SignedIn,
  opening: Omit<Opening, "caller" | "at">,
): Promise<Response> {
  const { clientId } = actor;
  const spread = await hubSpreadOf(db, clientId).catch(nobodyCanTell);
  const caller = callerOf(actor);
  const shard = hubShardOf(spread, actor.userId, { hearsOfOthers: hearsOfOthers(caller) });
  const whole: Opening = { ...opening, caller, at: { shard, spread } };
  // A request of our own: nothing that the client sent goes along but the upgrade.
  return (await objects.hub(clientId, shard)).fetch("https://hub/", {
    headers: { upgrade: "websocket", [openingHeader]: JSON.stringify(whole) },
  });
}
