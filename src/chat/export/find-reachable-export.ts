import { type Account, reaches } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { type ExportJob, exportLivesMs, findExport } from "./export-repository.ts";

/** @throws AppError `NOT_FOUND`, also for another tenant's and for one that has lived its day */
export async function findReachableExport(
  { db, clock }: Pick<Platform, "db" | "clock">,
  actor: Account,
  id: string,
): Promise<ExportJob> {
  const job = await findExport(db, id);
  const isOver = (job?.completedAt ?? clock.now()) + exportLivesMs <= clock.now();
  if (!job || isOver || !reaches(actor, job.clientId))
    throw new AppError("NOT_FOUND", { message: "No such export; one is kept for a day" });
  return job;
}
