import { and, asc, count, eq, lt, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertWhere } from "#src/db/insert-select.ts";
import { conversationExports } from "#src/db/schema/index.ts";
import { dayMs } from "#src/kernel/clock.ts";

export type ExportJob = typeof conversationExports.$inferSelect;

/** So long the file of an export lives, from its end. */
export const exportLivesMs = dayMs;

/** Exports that a tenant may have at once, those included that can still be fetched. */
export const maxExportsOfTenant = 20;

const ofTenant = (db: Database, clientId: string) =>
  db.select({ count: count() }).from(conversationExports).where(eq(conversationExports.clientId, clientId));

/** Writes an export, unless its tenant has as many as it may, or the same call has begun one before. */
export const insertExport = (db: Database, job: ExportJob) =>
  insertWhere(
    db,
    conversationExports,
    job,
    sql`${ofTenant(db, job.clientId)} < ${maxExportsOfTenant}`,
  ).onConflictDoNothing();

export const exportIsThere = (id: string) =>
  sql`EXISTS (SELECT 1 FROM conversation_exports WHERE id = ${id})`;

export const findExport = (db: Database, id: string) =>
  db.select().from(conversationExports).where(eq(conversationExports.id, id)).get();

export const findExportOfRequest = (db: Database, requestKey: string) =>
  db.select().from(conversationExports).where(eq(conversationExports.requestKey, requestKey)).get();

const isRunning = (id: string) =>
  and(eq(conversationExports.id, id), eq(conversationExports.status, "running"));

/** Notes that somebody goes on with an export; undefined when it has ended. */
export const beginExportStep = async (
  db: Database,
  id: string,
  now: number,
): Promise<ExportJob | undefined> => {
  const [job] = await db
    .update(conversationExports)
    .set({ attempts: sql`${conversationExports.attempts} + 1`, updatedAt: now })
    .where(isRunning(id))
    .returning();
  return job;
};

/**
 * Notes how far it has come, and ends it where nothing is left.
 * @returns false when somebody else has gone on from there
 */
export const advanceExport = async (
  db: Database,
  { id, done, conversationIds }: ExportJob,
  to: number,
  now: number,
): Promise<boolean> => {
  const hasEnded = to === conversationIds.length;
  const { meta } = await db
    .update(conversationExports)
    .set({
      done: to,
      attempts: 0,
      updatedAt: now,
      ...(hasEnded && { status: "completed", completedAt: now }),
    })
    .where(and(isRunning(id), eq(conversationExports.done, done)));
  return meta.changes > 0;
};

/** Gives up an export that has not ended. */
export const failExport = (db: Database, id: string, now: number) =>
  db
    .update(conversationExports)
    .set({ status: "failed", updatedAt: now, completedAt: now })
    .where(isRunning(id));

/** Exports that have not ended and that nobody has gone on with since a time, the longest untouched first. */
export const idleExports = (db: Database, since: number, limit: number) =>
  db
    .select({ id: conversationExports.id })
    .from(conversationExports)
    // Written out as the partial index has it, so that it serves.
    .where(and(sql`status = 'running'`, lt(conversationExports.updatedAt, since)))
    .orderBy(asc(conversationExports.updatedAt))
    .limit(limit);

/** Exports that ended before a time. */
export const outlivedExports = (db: Database, before: number, limit: number) =>
  db
    .select({
      id: conversationExports.id,
      clientId: conversationExports.clientId,
      conversationIds: conversationExports.conversationIds,
    })
    .from(conversationExports)
    .where(and(sql`completed_at IS NOT NULL`, lt(conversationExports.completedAt, before)))
    .orderBy(asc(conversationExports.completedAt))
    .limit(limit);

export const forgetExport = (db: Database, id: string) =>
  db.delete(conversationExports).where(eq(conversationExports.id, id));
