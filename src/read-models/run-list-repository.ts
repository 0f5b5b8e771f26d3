import { and, count, eq, inArray, isNotNull, isNull, lt, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { runs, usage, workflowDefinitions, workflowUses } from "#src/db/schema/index.ts";

/**
 * Runs that began and ended before a time, the oldest first: not by their beginning alone, since messages about an end
 * that has just been told may come again. Only those that their objects have.
 */
export const runsOfBefore = (db: Database, before: number, limit: number) =>
  db
    .select({ id: runs.correlationId })
    .from(runs)
    .where(
      and(
        lt(runs.createdAt, before),
        isNotNull(runs.completedAt),
        lt(runs.completedAt, before),
        sql`${runs.historyRevision} >= ${runs.revision}`,
      ),
    )
    .orderBy(runs.createdAt, runs.correlationId)
    .limit(limit);

/** Removes runs with what is there of their usage; one that is gone already is no error. */
export function removeRuns(db: Database, ids: readonly string[]) {
  const list = sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  return [
    db.delete(usage).where(sql`${usage.correlationId} IN ${list}`),
    db.delete(runs).where(sql`${runs.correlationId} IN ${list}`),
  ] as const;
}

/**
 * Forgets which workflows were used before a time, but by runs that are still listed. Looks workflow by workflow, as
 * the uses are ordered.
 */
export const forgetUses = (db: Database, before: number, limit: number) =>
  db.delete(workflowUses).where(sql`rowid IN (
    SELECT used.rowid FROM ${workflowDefinitions} AS definition
      CROSS JOIN ${workflowUses} AS used ON used.workflow_id = definition.id AND used.created_at < ${before}
    WHERE NOT EXISTS (SELECT 1 FROM ${runs} WHERE ${runs.correlationId} = used.correlation_id)
    LIMIT ${limit})`);

/** Of runs that have not ended. */
export const openStatuses = ["pending", "running", "paused"] as const;

/** How many runs of all tenants have begun and not ended, by status; looks at those alone. */
export const countOpenRuns = (db: Database, clientId?: string) =>
  db
    .select({ status: runs.status, open: count() })
    .from(runs)
    .where(
      and(
        isNull(runs.completedAt),
        inArray(runs.status, openStatuses),
        clientId === undefined ? undefined : eq(runs.clientId, clientId),
      ),
    )
    .groupBy(runs.status);
