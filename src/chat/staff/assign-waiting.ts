import { nextHolder, type PresentStaff, withGiven } from "#src/conversations/index.ts";
import { hubSpreadOf } from "#src/identity/index.ts";
import { allHubShards } from "#src/objects/hub-spread.ts";
import type { ConversationObjects, HubObjects } from "#src/objects/objects.ts";
import type { Platform } from "#src/platform.ts";
import { staffingOf } from "#src/tenants/index.ts";
import { noteHolder } from "../conversation-repository.ts";
import { holdingOf, staffOf } from "./held-repository.ts";

/** Members of a tenant's staff that are looked at, at most. */
const maxStaff = 500;

/** What conversations are given out with. */
export interface Assigning extends Pick<Platform, "db" | "clock"> {
  objects: {
    conversation(
      ...of: Parameters<ConversationObjects["conversation"]>
    ): Promise<Pick<Awaited<ReturnType<ConversationObjects["conversation"]>>, "changeHolder" | "view">>;
    hub(
      ...of: Parameters<HubObjects["hub"]>
    ): Promise<Pick<Awaited<ReturnType<HubObjects["hub"]>>, "presentOf">>;
  };
}

/** A conversation that waits, as it was seen. */
export interface Waiting {
  id: string;
  /** Of its holder: when that has passed, somebody was faster. */
  epoch: number;
  /** Who has let go of it: it is not given to them again. */
  leftBy: string | null;
}

/**
 * Gives conversations of a tenant that wait to those of its staff who are there, where the tenant has it so. Each
 * conversation itself decides: of whatever comes twice, or late, nothing comes.
 * @returns how many were given to somebody
 */
export async function assignWaiting(
  platform: Assigning,
  clientId: string,
  waiting: readonly Waiting[],
): Promise<number> {
  const { db, clock, objects } = platform;
  const { assignment, holder_idle_seconds: idleSeconds } = await staffingOf(db, clientId);
  if (assignment !== "round_robin" || waiting.length === 0) return 0;
  let staff = await presentStaff(platform, clientId);
  let given = 0;
  for (const { id, epoch: ifEpoch, leftBy } of waiting) {
    const to = nextHolder(staff, leftBy);
    if (to === undefined) continue;
    const change = { action: "assign", to, keepPersona: false } as const;
    const conversation = await objects.conversation(clientId, id);
    const changed = await conversation.changeHolder({ change, reason: "", ifEpoch, idleSeconds });
    if (!changed.ok) continue;
    staff = withGiven(staff, to, clock.now());
    await noteHolder(db, changed.value.conversation);
    given += 1;
  }
  return given;
}

/** Who of a tenant's staff has a socket at one of its hubs, and what they hold. */
async function presentStaff({ db, clock, objects }: Assigning, clientId: string): Promise<PresentStaff[]> {
  const [ids, spread] = await Promise.all([staffOf(db, clientId, maxStaff), hubSpreadOf(db, clientId)]);
  const present = await Promise.all(
    allHubShards(spread, clock.now()).map(async (shard) =>
      (await objects.hub(clientId, shard)).presentOf(ids),
    ),
  );
  return holdingOf(db, [...new Set(present.flat())]);
}
