import { and, desc, eq, gte, lt, or, sql } from "drizzle-orm";
import type { AnySQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Database } from "#src/db/client.ts";
import { auditLog } from "#src/db/schema/index.ts";
import type { PageRequest, Position } from "#src/http/page.ts";

/** Rows behind the last of the page before. */
const before = (after: Position | undefined) =>
  after && sql`(${auditLog.createdAt}, ${auditLog.id}) < (${after[0]}, ${after[1]})`;

/** What is asked of the log: all of it, or what fits. */
export interface AuditFilter {
  actor?: string;
  target?: string;
  action?: string;
  client_id?: string;
  from?: number;
  to?: number;
}

/** What was done to whom by whom, the latest first; one more than the limit when there are more. */
export function pageOfAudit(
  db: Database,
  { actor, target, action, client_id, from, to }: AuditFilter,
  { after, limit }: PageRequest,
) {
  // What one account did, or what was done to one thing, is less than what a tenant did: `+` keeps from the index of more.
  const isFew = actor !== undefined || target !== undefined;
  const fits = (column: AnySQLiteColumn, value: string | undefined) =>
    value === undefined ? undefined : isFew ? sql`+${column} = ${value}` : eq(column, value);
  return db
    .select()
    .from(auditLog)
    .where(
      and(
        target === undefined ? undefined : eq(auditLog.targetId, target),
        actor === undefined ? undefined : eq(auditLog.actorId, actor),
        fits(auditLog.clientId, client_id),
        fits(auditLog.action, action),
        from === undefined ? undefined : gte(auditLog.createdAt, from),
        to === undefined ? undefined : lt(auditLog.createdAt, to),
        before(after),
      ),
    )
    .orderBy(desc(auditLog.createdAt), desc(auditLog.id))
    .limit(limit + 1);
}

/** What an account did and what was done to it within [start, end), the latest first; one more than the limit when there are more. */
export const auditAbout = (
  db: Database,
  userId: string,
  { start, end, after, limit }: PageRequest & { start: number; end: number },
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
        before(after),
      ),
    )
    .orderBy(desc(auditLog.createdAt), desc(auditLog.id))
    .limit(limit + 1);

/** What an account did, the latest first; one more than the limit when there are more. */
export const auditBy = (
  db: Database,
  userId: string,
  { after, limit, offset }: PageRequest & { offset: number },
) =>
  db
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.actorId, userId), before(after)))
    .orderBy(desc(auditLog.createdAt), desc(auditLog.id))
    .limit(limit + 1)
    .offset(offset);
