import type { Clock } from "../clock.ts";
import type { Settings } from "../config.ts";
import type { Database } from "../db/client.ts";
import type { AccessGateApi } from "./access-gate-api.ts";
import { markSessionsTold, sessionsToTell } from "./session-repository.ts";

export interface GateContext {
  db: Database;
  clock: Clock;
  settings: Settings;
  /** The access gate of a tenant. */
  gateOf(clientId: string): Pick<AccessGateApi, "revokeSessions">;
}

/** Sessions told of at once; a D1 statement takes 100 parameters. */
const atOnce = 90;

/** Tells a tenant's access gate of ended sessions, then notes in D1 that it knows. */
export async function tellGate(
  { db, clock, settings, gateOf }: GateContext,
  clientId: string,
  sessionIds: readonly string[],
): Promise<void> {
  const until = clock.now() + settings.ACCESS_TOKEN_SECONDS * 1000;
  for (let from = 0; from < sessionIds.length; from += atOnce) {
    const ids = sessionIds.slice(from, from + atOnce);
    await gateOf(clientId).revokeSessions(ids, until);
    await markSessionsTold(db, ids);
  }
}

/** The cron job: tells the gates of ended sessions that a crash or an unreachable gate kept them from hearing of. */
export async function sweepEndedSessions(context: GateContext): Promise<void> {
  const rows = await sessionsToTell(context.db, 1000);
  for (const [clientId, sessions] of Map.groupBy(rows, (row) => row.clientId)) {
    await tellGate(
      context,
      clientId,
      sessions.map(({ id }) => id),
    );
  }
}
