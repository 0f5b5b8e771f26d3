import { and, eq, gt, isNull, or, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { sessions, users } from "../db/schema/index.ts";

export type SessionRow = typeof sessions.$inferSelect;

/** A new session and the sign-in's trace on the account, for one batch. */
export const newSessionStatements = (db: Database, session: typeof sessions.$inferInsert) =>
  [
    db.insert(sessions).values(session),
    db
      .update(users)
      .set({ lastLoginAt: session.createdAt, totalLogins: sql`${users.totalLogins} + 1` })
      .where(eq(users.id, session.userId)),
  ] as const;

/** The session whose current or previous refresh token has this hash. */
export const findSessionByRefreshHash = (db: Database, hash: string) =>
  db
    .select()
    .from(sessions)
    .where(or(eq(sessions.refreshHash, hash), eq(sessions.previousHash, hash)))
    .get();

/** Rotates the refresh token if `from` is still the one in force; no row comes back when somebody was faster. */
export const rotateRefreshToken = (
  db: Database,
  {
    sessionId,
    from,
    to,
    now,
    expiresAt,
  }: { sessionId: string; from: string; to: string; now: number; expiresAt: number },
) =>
  db
    .update(sessions)
    .set({
      refreshHash: to,
      previousHash: from,
      rotatedAt: now,
      lastUsedAt: now,
      refreshExpiresAt: expiresAt,
    })
    .where(
      and(
        eq(sessions.id, sessionId),
        eq(sessions.refreshHash, from),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, now),
      ),
    )
    .returning({ id: sessions.id });

export const revokeSessionRow = (db: Database, sessionId: string, now: number) =>
  db
    .update(sessions)
    .set({ revokedAt: now })
    .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt)));
