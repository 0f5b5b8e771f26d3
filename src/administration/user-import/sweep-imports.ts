import type { Platform } from "#src/platform.ts";
import { askForStep, type StepQueue } from "./ask-for-step.ts";
import { leaseMilliseconds } from "./continue-import.ts";
import { removeImportFiles } from "./import-files.ts";
import { failImportJob, forgetImportStatements, idleImportJobs } from "./import-job-repository.ts";

/** A file takes seconds to store; one that is still being stored after this long was interrupted. */
const preparingMilliseconds = 600_000;
const keptMilliseconds = 30 * 86_400_000;
const atOnce = 50;

/**
 * The cron job: has jobs gone on with whose next step was lost, gives up those that were
 * interrupted before their file was stored, and forgets those that ended long ago.
 * @returns how many stood still or were forgotten
 */
export async function sweepImports(
  platform: Pick<Platform, "db" | "clock" | "blobs"> & StepQueue,
): Promise<number> {
  const { db, clock, blobs } = platform;
  const now = clock.now();
  const idle = await idleImportJobs(db, now - leaseMilliseconds, atOnce);
  for (const { id, status, updatedAt } of idle) {
    if (status === "running") await askForStep(platform, id);
    else if (updatedAt < now - preparingMilliseconds) {
      await removeImportFiles(blobs, id);
      await failImportJob(db, id, now);
    }
  }
  const [, { meta }] = await db.batch(forgetImportStatements(db, now - keptMilliseconds, atOnce));
  return idle.length + meta.changes;
}
