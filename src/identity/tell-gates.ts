import type { Clock } from "../clock.ts";
import type { Settings } from "../config.ts";
import type { Database } from "../db/client.ts";
import type { TenantHubApi } from "../realtime/tenant-hub-api.ts";
import type { AccessGateApi } from "./access-gate-api.ts";
import { markSessionsTold, sessionsToTell } from "./session-repository.ts";

export interface GateContext {
  db: Database;
  clock: Clock;
  settings: Settings;
  /** The access gate of a tenant. */
  gateOf(clientId: string): Pick<AccessGateApi, "revokeSessions">;
  /** The hub with a tenant's sockets. */
  hubOf(clientId: string): Pick<TenantHubApi, "endSessions">;
}

/** How much longer than a token lives the gate remembers: for one that is being made, and for clocks that differ. */
const marginMs = 60_000;

/** Sessions told of at once; a D1 statement takes 100 parameters. */
const atOnce = 90;

/** Tells a tenant's access gate of ended sessions, closes their sockets, then notes in D1 that this is done. */
export async function tellGate(
  { db, clock, settings, gateOf, hubOf }: GateContext,
  clientId: string,
  sessionIds: readonly string[],
): Promise<void> {
  const until = clock.now() + settings.ACCESS_TOKEN_SECONDS * 1000 + marginMs;
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
 * gate kept them from hearing of. One tenant's failure holds up no other.
 */
export async function sweepEndedSessions(context: GateContext): Promise<void> {
  const rows = await sessionsToTell(context.db, 1000);
  const tenants = [...Map.groupBy(rows, (row) => row.clientId)];
  const results = await Promise.allSettled(
    tenants.map(([clientId, sessions]) =>
      tellGate(
        context,
        clientId,
        sessions.map(({ id }) => id),
      ),
    ),
  );
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, "Access gates remain to be told");
}
