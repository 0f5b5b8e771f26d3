import { and, asc, eq, inArray, lt, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { importJobs, importResults } from "#src/db/schema/index.ts";

export type ImportJob = typeof importJobs.$inferSelect;

export const insertImportJob = (db: Database, job: ImportJob) => db.insert(importJobs).values(job);

export const findImportJob = (db: Database, id: string) =>
  db.select().from(importJobs).where(eq(importJobs.id, id)).get();

const isStill = (id: string, status: ImportJob["status"]) =>
  and(eq(importJobs.id, id), eq(importJobs.status, status));

/** Sets a job going whose rows are stored. */
export const startImportJob = (db: Database, id: string, now: number) =>
  db.update(importJobs).set({ status: "running", updatedAt: now }).where(isStill(id, "preparing"));

/** Takes the job for whoever works on it next; undefined when it has ended or somebody is at it. */
export const leaseImportJob = async (
  db: Database,
  id: string,
  now: number,
  until: number,
): Promise<ImportJob | undefined> => {
  const [job] = await db
    .update(importJobs)
    .set({ leaseUntil: until, attempts: sql`${importJobs.attempts} + 1`, updatedAt: now })
    .where(and(isStill(id, "running"), lt(importJobs.leaseUntil, now)))
    .returning();
  return job;
};

const isMine = ({ id, leaseUntil }: ImportJob) =>
  and(isStill(id, "running"), eq(importJobs.leaseUntil, leaseUntil));

/** Keeps the job for another while, as it is now; undefined when somebody else has taken it. */
export const renewImportLease = async (
  db: Database,
  job: ImportJob,
  now: number,
  until: number,
): Promise<ImportJob | undefined> => {
  const [renewed] = await db
    .update(importJobs)
    .set({ leaseUntil: until, updatedAt: now })
    .where(isMine(job))
    .returning();
  return renewed;
};

export const releaseImportJob = (db: Database, job: ImportJob) =>
  db.update(importJobs).set({ leaseUntil: 0 }).where(isMine(job));

const ended = (status: ImportJob["status"], now: number) => ({
  status,
  rowsKey: null,
  completedAt: now,
  updatedAt: now,
});

/** Ends a job of which nothing is left to do: changes a row if so. */
export const completeImportJob = (db: Database, { id, totalRows }: ImportJob, now: number) =>
  db
    .update(importJobs)
    .set(ended("completed", now))
    .where(
      and(
        isStill(id, "running"),
        eq(importJobs.nextRow, totalRows),
        sql`NOT EXISTS (SELECT 1 FROM import_results WHERE job_id = ${id} AND mail_tries > 0)`,
      ),
    );

/** Gives up a job that has not ended. */
export const failImportJob = (db: Database, id: string, now: number) =>
  db
    .update(importJobs)
    .set(ended("failed", now))
    .where(and(eq(importJobs.id, id), inArray(importJobs.status, ["preparing", "running"])));

/** Unfinished jobs on which nothing has happened since a time, the longest untouched first. */
export const idleImportJobs = (db: Database, since: number, limit: number) =>
  db
    .select({ id: importJobs.id, status: importJobs.status, updatedAt: importJobs.updatedAt })
    .from(importJobs)
    // Written out as the partial index has it, so that it serves.
    .where(and(sql`status IN ('preparing', 'running')`, lt(importJobs.updatedAt, since)))
    .orderBy(asc(importJobs.updatedAt))
    .limit(limit);

/** Forgets jobs that ended before a time, for one batch. */
export const forgetImportStatements = (db: Database, before: number, limit: number) => {
  const old = sql`(SELECT id FROM import_jobs WHERE completed_at IS NOT NULL AND completed_at < ${before}
    ORDER BY completed_at LIMIT ${limit})`;
  return [
    db.delete(importResults).where(sql`${importResults.jobId} IN ${old}`),
    db.delete(importJobs).where(sql`${importJobs.id} IN ${old}`),
  ] as const;
};
