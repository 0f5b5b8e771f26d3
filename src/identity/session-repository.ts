import { and, desc, eq, gt, isNull, lt, ne, or, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { sessions, users } from "../db/schema/index.ts";

export type SessionRow = typeof sessions.$inferSelect;

/** Most sessions that a list shows. */
const mostListed = 200;

/** A new session and the sign-in's trace on the account, for one batch. */
export const newSessionStatements = (db: Database, session: typeof sessions.$inferInsert) =>
  [
    db.insert(sessions).values(session),
    db
      .update(users)
      .set({ lastLoginAt: session.createdAt, totalLogins: sql`${users.totalLogins} + 1` })
      .where(eq(users.id, session.userId)),
  ] as const;

export const findSession = (db: Database, sessionId: string) =>
  db.select().from(sessions).where(eq(sessions.id, sessionId)).get();

const isLive = (now: number) => and(isNull(sessions.revokedAt), gt(sessions.expiresAt, now));

/** A user's live sessions, the most recently used first. */
export const listSessions = (db: Database, userId: string, now: number) =>
  db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isLive(now)))
    .orderBy(desc(sessions.lastUsedAt))
    .limit(mostListed);

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

/** Ends one live session, if it is this user's; its id comes back if so. */
export const revokeSession = (db: Database, userId: string, sessionId: string, now: number) =>
  db
    .update(sessions)
    .set({ revokedAt: now })
    .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId), isNull(sessions.revokedAt)))
    .returning({ id: sessions.id });

/** Ends a user's live sessions, all or all but one; their ids come back. */
export const revokeSessionsOf = (db: Database, userId: string, now: number, except?: string) =>
  db
    .update(sessions)
    .set({ revokedAt: now })
    .where(
      and(
        eq(sessions.userId, userId),
        isNull(sessions.revokedAt),
        except === undefined ? undefined : ne(sessions.id, except),
      ),
    )
    .returning({ id: sessions.id });

/** Removes sessions that can never be used again. Times in epoch milliseconds. */
export const endDeadSessions = (db: Database, now: number, idleSince: number) =>
  db.delete(sessions).where(or(lt(sessions.expiresAt, now), lt(sessions.lastUsedAt, idleSince)));
