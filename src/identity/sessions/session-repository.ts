import { and, desc, eq, gt, inArray, isNull, lt, ne, or, type SQL, sql } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { insertWhere } from "#src/db/insert-select.ts";
import { removeInPieces } from "#src/db/remove-in-pieces.ts";
import { clients, sessions, users } from "#src/db/schema/index.ts";
import type { Tier } from "#src/kernel/actor.ts";

export type SessionRow = typeof sessions.$inferSelect;

/** Most sessions that are looked at at once. */
const maxListed = 200;

/**
 * A sign-in's trace on the account and its new session, for one batch. Neither
 * happens (no row is changed) when the account was switched off, deleted or got
 * another password since `passwordHash` was checked.
 */
export const newSessionStatements = (
  db: Database,
  session: Omit<SessionRow, "revokedAt" | "gatePending">,
  passwordHash: string,
) =>
  [
    insertWhere(
      db,
      sessions,
      session,
      hasRow(
        users,
        and(
          eq(users.id, session.userId),
          eq(users.passwordHash, passwordHash),
          eq(users.isActive, true),
          isNull(users.deletedAt),
        ),
      ),
    ),
    db
      .update(users)
      .set({ lastLoginAt: session.createdAt, totalLogins: sql`${users.totalLogins} + 1` })
      .where(and(eq(users.id, session.userId), hasSession(session.id))),
  ] as const;

/** True once a session is there. */
export const hasSession = (sessionId: string): SQL => hasRow(sessions, eq(sessions.id, sessionId));

export const findSession = (db: Database, sessionId: string) =>
  db.select().from(sessions).where(eq(sessions.id, sessionId)).get();

const isLive = (now: number) => and(isNull(sessions.revokedAt), gt(sessions.expiresAt, now));

/** Whether a session, its user and its tenant are all as they must be for its access tokens to count. */
export const isSessionInForce = async (db: Database, sessionId: string): Promise<boolean> =>
  (await tierOfSession(db, sessionId)) !== undefined;

/** The tier of the account whose session it is; undefined when its access tokens no longer count. */
export const tierOfSession = async (db: Database, sessionId: string): Promise<Tier | undefined> => {
  const row = await db
    .select({ tier: users.tier })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .innerJoin(clients, eq(clients.id, users.clientId))
    .where(
      and(
        eq(sessions.id, sessionId),
        isNull(sessions.revokedAt),
        eq(users.isActive, true),
        isNull(users.deletedAt),
        eq(clients.isActive, true),
      ),
    )
    .get();
  return row?.tier;
};

/** A user's live sessions, the most recently used first. Times in epoch milliseconds. */
export const liveSessionsOf = (db: Database, userId: string, now: number, idleSince: number) =>
  db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isLive(now), gt(sessions.lastUsedAt, idleSince)))
    .orderBy(desc(sessions.lastUsedAt))
    .limit(maxListed);

/** How long it is known from which addresses somebody signed in to an account; sessions are kept as long for it. */
const knownAddressMs = 30 * 86_400_000;

/** The addresses that somebody signed in from to the account lately, of its latest sessions. */
export const addressesOf = async (
  db: Database,
  { email, now }: { email: string; now: number },
): Promise<string[]> => {
  const rows = await db
    .select({ ip: sessions.ip })
    .from(users)
    .innerJoin(sessions, eq(sessions.userId, users.id))
    .where(and(eq(users.email, email), isNull(users.deletedAt), gt(sessions.createdAt, now - knownAddressMs)))
    .orderBy(desc(sessions.createdAt))
    .limit(maxListed);
  return rows.map(({ ip }) => ip);
};

/** Goes on to the next refresh token if `generation` is still in force; no row comes back when somebody was faster. */
export const rotateRefreshToken = (
  db: Database,
  {
    sessionId,
    generation,
    refreshHash,
    now,
    refreshExpiresAt,
  }: { sessionId: string; generation: number; refreshHash: string; now: number; refreshExpiresAt: number },
) =>
  db
    .update(sessions)
    .set({ generation: generation + 1, refreshHash, rotatedAt: now, lastUsedAt: now, refreshExpiresAt })
    .where(and(eq(sessions.id, sessionId), eq(sessions.generation, generation), isLive(now)))
    .returning({ id: sessions.id });

/** What ends a session; its access gate is told afterwards (`gatePending` until then). */
export const endedAt = (now: number) => ({ revokedAt: now, gatePending: true });

const liveSession = (userId: string, sessionId: string) =>
  and(eq(sessions.id, sessionId), eq(sessions.userId, userId), isNull(sessions.revokedAt));

const liveSessions = (userId: string, except?: string) =>
  and(
    eq(sessions.userId, userId),
    isNull(sessions.revokedAt),
    except === undefined ? undefined : ne(sessions.id, except),
  );

/** True while `revokeSession` would end it. */
export const hasLiveSession = (userId: string, sessionId: string): SQL =>
  hasRow(sessions, liveSession(userId, sessionId));

/** True while `revokeSessionsOf` would end any. */
export const hasLiveSessions = (userId: string, except?: string): SQL =>
  hasRow(sessions, liveSessions(userId, except));

/** Ends one live session, if it is this user's; its id comes back if so. */
export const revokeSession = (db: Database, userId: string, sessionId: string, now: number) =>
  db.update(sessions).set(endedAt(now)).where(liveSession(userId, sessionId)).returning({ id: sessions.id });

/** Ends a user's live sessions, all or all but one; their ids come back. */
export const revokeSessionsOf = (db: Database, userId: string, now: number, except?: string, when?: SQL) =>
  db
    .update(sessions)
    .set(endedAt(now))
    .where(and(liveSessions(userId, except), when))
    .returning({ id: sessions.id });

/** Ended sessions whose access gate has not been told yet. */
export const sessionsToTell = (db: Database, limit: number) =>
  db
    .select({ id: sessions.id, clientId: users.clientId })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    // Written out as the partial index has it, so that it serves.
    .where(sql`${sessions.gatePending} = 1`)
    .limit(limit);

/** Notes that the access gate knows. At most 90 ids: a D1 statement takes 100 parameters. */
export const markSessionsTold = (db: Database, ids: readonly string[]) =>
  db
    .update(sessions)
    .set({ gatePending: false })
    .where(inArray(sessions.id, [...ids]));

/** The cron job: removes sessions that can never be used again and whose address is of no use any more. Times in epoch milliseconds. */
export const endDeadSessions = (db: Database, now: number, idleSince: number) =>
  removeInPieces(
    db,
    sessions,
    and(
      eq(sessions.gatePending, false),
      lt(sessions.createdAt, now - knownAddressMs),
      or(lt(sessions.expiresAt, now), lt(sessions.lastUsedAt, idleSince)),
    ),
  );
