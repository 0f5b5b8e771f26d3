import { allHubShards } from "#src/objects/hub-spread.ts";
import type { Platform } from "#src/platform.ts";
import { markSessionsTold, sessionsToTell } from "../sessions/session-repository.ts";
import { hubSpreadOf } from "./hub-spread-repository.ts";
import { tokenMarginMs } from "./tier-change.ts";
import { markTiersTold, tiersToTell, type UntoldTier } from "./untold-tier-repository.ts";

/** What telling access gates takes. */
export type Gates = Pick<Platform, "db" | "clock" | "settings" | "objects">;

/** Sessions told of at once; a D1 statement takes 100 parameters. */
const atOnce = 90;

/** Changed tiers told of at once: as many as one bulk operation changes. */
const maxTiers = 1000;

/** Tells a tenant's access gate of ended sessions, closes their sockets, then notes in D1 that this is done. */
export async function notifyGates(
  { db, clock, settings, objects }: Gates,
  clientId: string,
  sessionIds: readonly string[],
): Promise<void> {
  const until = clock.now() + settings.ACCESS_TOKEN_SECONDS * 1000 + tokenMarginMs;
  const gate = await objects.gate(clientId);
  const shards = allHubShards(await hubSpreadOf(db, clientId), clock.now());
  const hubs = await Promise.all(shards.map((shard) => objects.hub(clientId, shard)));
  for (let from = 0; from < sessionIds.length; from += atOnce) {
    const ids = sessionIds.slice(from, from + atOnce);
    await gate.revokeSessions(ids, until);
    await Promise.all(hubs.map((hub) => hub.endSessions(ids)));
    await markSessionsTold(db, ids);
  }
}

/**
 * The cron job: tells the gates of ended sessions that a crash or an unreachable
 * gate kept them from hearing of.
 * @returns of how many sessions
 */
export async function sweepEndedSessions(platform: Gates): Promise<number> {
  const rows = await sessionsToTell(platform.db, 1000);
  await eachTenant(rows, (clientId, sessions) =>
    notifyGates(
      platform,
      clientId,
      sessions.map(({ id }) => id),
    ),
  );
  return rows.length;
}

/**
 * Tells access gates what accounts' tiers have become, then notes in D1 that this is done: a token with
 * a higher tier than the account now has is to be refreshed. Also the cron job, which repeats what a
 * crash or an unreachable gate has kept from them.
 * @param userIds of these accounts only
 * @returns of how many accounts
 */
export async function notifyTiers(platform: Gates, userIds?: readonly string[]): Promise<number> {
  const { db, clock, settings, objects } = platform;
  const until = clock.now() + settings.ACCESS_TOKEN_SECONDS * 1000 + tokenMarginMs;
  const untold = await tiersToTell(db, maxTiers, userIds);
  await eachTenant(untold, async (clientId, changes: UntoldTier[]) => {
    const gate = await objects.gate(clientId);
    await gate.changeTiers(
      changes.map(({ userId, tier, changedAt }) => ({ userId, tier, changedAt, until })),
    );
    await markTiersTold(db, changes);
  });
  return untold.length;
}

/** Does something for each tenant of some rows; one tenant's failure holds up no other. */
async function eachTenant<Row extends { clientId: string }>(
  rows: readonly Row[],
  tell: (clientId: string, rows: Row[]) => Promise<void>,
): Promise<void> {
  const tenants = [...Map.groupBy(rows, (row) => row.clientId)];
  const results = await Promise.allSettled(tenants.map(([clientId, own]) => tell(clientId, own)));
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, "Access gates remain to be told");
}
