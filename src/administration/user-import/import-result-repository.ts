import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { importJobs, importResults, users } from "#src/db/schema/index.ts";

/** Accounts of a job whose owners have not been told yet how to choose a password; those that failed come last. */
export const mailsDue = (db: Database, jobId: string, limit: number) =>
  db
    .select({ row: importResults.row, userId: users.id, email: users.email, deletedAt: users.deletedAt })
    .from(importResults)
    .innerJoin(users, eq(users.id, importResults.userId))
    // Written out as the partial index has it, so that it serves.
    .where(and(eq(importResults.jobId, jobId), sql`${importResults.mailTries} > 0`))
    .orderBy(desc(importResults.mailTries), asc(importResults.row))
    .limit(limit);

/** Notes whose mails have gone, and of which could not be sent and are tried again a few times. At most 90 rows each. */
export const noteMails = (
  db: Database,
  jobId: string,
  { sent, failed, now }: { sent: readonly number[]; failed: readonly number[]; now: number },
) => {
  const rows = (numbers: readonly number[]) =>
    and(eq(importResults.jobId, jobId), inArray(importResults.row, [...numbers]));
  const error = "The account is made, but the password-reset mail could not be sent";
  return db.batch([
    db.update(importResults).set({ mailTries: 0 }).where(rows(sent)),
    db
      .update(importResults)
      .set({
        mailTries: sql`${importResults.mailTries} - 1`,
        error: sql`CASE WHEN ${importResults.mailTries} = 1 THEN ${error} END`,
      })
      .where(rows(failed)),
    db.update(importJobs).set({ attempts: 0, updatedAt: now }).where(eq(importJobs.id, jobId)),
  ]);
};

/** How many rows of a job became accounts, and how many were refused. */
export const countImportResults = (db: Database, jobId: string) =>
  db
    .select({
      successful: sql<number>`count(${importResults.userId})`,
      failed: sql<number>`count(*) - count(${importResults.userId})`,
    })
    .from(importResults)
    .where(eq(importResults.jobId, jobId))
    .get();

/** The first problems of a job, in the file's order. */
export const importProblems = (db: Database, jobId: string, limit: number) =>
  db
    .select({ row: importResults.row, error: importResults.error })
    .from(importResults)
    // Written out as the partial index has it, so that it serves.
    .where(and(eq(importResults.jobId, jobId), sql`error IS NOT NULL`))
    .orderBy(asc(importResults.row))
    .limit(limit);

/** The first accounts that a job made, in the file's order. */
export const importedUserIds = async (db: Database, jobId: string, limit: number): Promise<string[]> => {
  const rows = await db
    .select({ userId: importResults.userId })
    .from(importResults)
    .where(and(eq(importResults.jobId, jobId), sql`${importResults.userId} IS NOT NULL`))
    .orderBy(asc(importResults.row))
    .limit(limit);
  return rows.flatMap(({ userId }) => userId ?? []);
};
