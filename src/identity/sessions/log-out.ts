import { auditStatement } from "#src/audit/audit-repository.ts";
import type { SignedIn } from "#src/kernel/actor.ts";
import type { Device } from "#src/kernel/device.ts";
import { ownAction } from "../accounts/user-traces.ts";
import type { IdentityContext } from "./issue-tokens.ts";
import { hasLiveSession, hasLiveSessions, revokeSession, revokeSessionsOf } from "./session-repository.ts";

/**
 * Ends one of one's own sessions, the current one if no other is named.
 * @returns whether it was one's own and live
 */
export async function logOut(
  { db, clock }: IdentityContext,
  { userId, clientId, sessionId: current }: SignedIn,
  device: Device,
  sessionId = current,
): Promise<boolean> {
  const now = clock.now();
  const entry = ownAction("session.ended", { id: userId, clientId }, device, { session_id: sessionId });
  const [, ended] = await db.batch([
    auditStatement(db, entry, now, hasLiveSession(userId, sessionId)),
    revokeSession(db, userId, sessionId, now),
  ]);
  return ended.length > 0;
}

/**
 * Ends every session of one's own but the current one.
 * @returns the sessions that ended
 */
export async function logOutElsewhere(
  { db, clock }: IdentityContext,
  { userId, clientId, sessionId }: SignedIn,
  device: Device,
): Promise<string[]> {
  const now = clock.now();
  const entry = ownAction("sessions.ended", { id: userId, clientId }, device, { except: sessionId });
  const [, ended] = await db.batch([
    auditStatement(db, entry, now, hasLiveSessions(userId, sessionId)),
    revokeSessionsOf(db, userId, now, sessionId),
  ]);
  return ended.map(({ id }) => id);
}
