import { and, desc, eq, gte, lt, or } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { auditLog } from "../db/schema/index.ts";

/** What an account did and what was done to it within [start, end), the latest first. */
export const auditAbout = (
  db: Database,
  userId: string,
  { start, end, limit }: { start: number; end: number; limit: number },
) =>
  db
    .select()
    .from(auditLog)
    .where(
      and(
        // Each side has its index; SQLite unites them.
        or(eq(auditLog.targetId, userId), eq(auditLog.actorId, userId)),
        gte(auditLog.createdAt, start),
        lt(auditLog.createdAt, end),
      ),
    )
    .orderBy(desc(auditLog.createdAt), desc(auditLog.id))
    .limit(limit);

/** What an account did, the latest first. */
export const auditBy = (db: Database, userId: string, { limit, offset }: { limit: number; offset: number }) =>
  db
    .select()
    .from(auditLog)
    .where(eq(auditLog.actorId, userId))
    .orderBy(desc(auditLog.createdAt), desc(auditLog.id))
    .limit(limit)
    .offset(offset);
