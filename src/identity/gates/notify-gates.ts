import type { Database } from "#src/db/client.ts";
import type { Clock } from "#src/kernel/clock.ts";
import type { Settings } from "#src/kernel/config.ts";
import type { AccessGateApi } from "#src/objects/access-gate-api.ts";
import type { TenantHubApi } from "#src/objects/tenant-hub-api.ts";
import { markSessionsTold, sessionsToTell } from "../sessions/session-repository.ts";
import { tokenMarginMs } from "./tier-change.ts";
import { markTiersTold, tiersToTell, type UntoldTier } from "./untold-tier-repository.ts";

export interface GateContext {
  db: Database;
  clock: Clock;
  settings: Settings;
  /** The access gate of a tenant. */
  gateOf(clientId: string): Pick<AccessGateApi, "revokeSessions" | "changeTiers">;
  /** The hub with a tenant's sockets. */
  hubOf(clientId: string): Pick<TenantHubApi, "endSessions">;
}

/** Sessions told of at once; a D1 statement takes 100 parameters. */
const atOnce = 90;

/** Changed tiers told of at once: as many as one bulk operation changes. */
const maxTiers = 1000;

/** Tells a tenant's access gate of ended sessions, closes their sockets, then notes in D1 that this is done. */
export async function notifyGates(
  { db, clock, settings, gateOf, hubOf }: GateContext,
  clientId: string,
  sessionIds: readonly string[],
): Promise<void> {
  const until = clock.now() + settings.ACCESS_TOKEN_SECONDS * 1000 + tokenMarginMs;
  const hub = hubOf(clientId);
  for (let from = 0; from < sessionIds.length; from += atOnce) {
    const ids = sessionIds.slice(from, from + atOnce);
    await gateOf(clientId).revokeSessions(ids, until);
    await hub.endSessions(ids);
    await markSessionsTold(db, ids);
  }
}

/**
 * The cron job: tells the gates of ended sessions that a crash or an unreachable
 * gate kept them from hearing of.
 */
export async function sweepEndedSessions(context: GateContext): Promise<void> {
  const rows = await sessionsToTell(context.db, 1000);
  await eachTenant(rows, (clientId, sessions) =>
    notifyGates(
      context,
      clientId,
      sessions.map(({ id }) => id),
    ),
  );
}

/**
 * Tells access gates what accounts' tiers have become, then notes in D1 that this is done: a token with
 * a higher tier than the account now has is to be refreshed. Also the cron job, which repeats what a
 * crash or an unreachable gate has kept from them.
 * @param userIds of these accounts only
 */
export async function notifyTiers(context: GateContext, userIds?: readonly string[]): Promise<void> {
  const { db, clock, settings, gateOf } = context;
  const until = clock.now() + settings.ACCESS_TOKEN_SECONDS * 1000 + tokenMarginMs;
  await eachTenant(await tiersToTell(db, maxTiers, userIds), async (clientId, changes: UntoldTier[]) => {
    await gateOf(clientId).changeTiers(
      changes.map(({ userId, tier, changedAt }) => ({ userId, tier, changedAt, until })),
    );
    await markTiersTold(db, changes);
  });
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
