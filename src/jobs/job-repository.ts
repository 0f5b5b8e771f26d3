import { and, asc, eq, gt, lt, lte, notInArray, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import { jobRuns } from "#src/db/schema/index.ts";

export type JobRow = typeof jobRuns.$inferSelect;

/** Whose turn at a job it is, and until when somebody is believed to be at it. */
export interface Lease {
  holder: string;
  now: number;
  until: number;
}

/** A job that no release has run for so long is none any more. */
const forgottenAfterMs = 86_400_000;

/**
 * Takes the jobs that nobody is at. One statement, so of any number who want a job at once one gets it.
 * @returns their names
 */
export async function takeJobs(
  db: Database,
  names: readonly string[],
  { holder, now, until }: Lease,
): Promise<string[]> {
  const row = {
    job: sql`value`,
    leaseUntil: until,
    holder,
    startedAt: now,
    runs: 1,
    failures: 0,
  };
  const [taken] = await db.batch([
    insertSelect(db, jobRuns, row, sql`FROM json_each(${JSON.stringify(names)}) WHERE true`)
      .onConflictDoUpdate({
        target: jobRuns.job,
        set: { leaseUntil: until, holder, startedAt: now, runs: sql`${jobRuns.runs} + 1` },
        setWhere: lte(jobRuns.leaseUntil, now),
      })
      .returning({ job: jobRuns.job }),
    db
      .delete(jobRuns)
      .where(and(notInArray(jobRuns.job, [...names]), lt(jobRuns.startedAt, now - forgottenAfterMs))),
  ]);
  return taken.map(({ job }) => job);
}

/** Says of all that a holder is still at that it is. */
export const renewLeases = (db: Database, { holder, now, until }: Lease) =>
  db
    .update(jobRuns)
    .set({ leaseUntil: until })
    .where(and(eq(jobRuns.holder, holder), gt(jobRuns.leaseUntil, now)));

/** Writes down how a job went, and lets others have it; nothing when somebody else has it by now. */
export const finishJob = (
  db: Database,
  { job, holder }: Pick<JobRow, "job" | "holder">,
  result: Pick<JobRow, "finishedAt" | "outcome" | "error" | "durationMs" | "count">,
) =>
  db
    .update(jobRuns)
    .set({
      ...result,
      leaseUntil: 0,
      failures: result.outcome === "failed" ? sql`${jobRuns.failures} + 1` : jobRuns.failures,
    })
    .where(and(eq(jobRuns.job, job), eq(jobRuns.holder, holder)));

/** Every job with how it went the last time. */
export const allJobs = (db: Database) => db.select().from(jobRuns).orderBy(asc(jobRuns.job));
