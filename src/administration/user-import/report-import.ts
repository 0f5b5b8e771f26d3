import type { Database } from "#src/db/client.ts";
import { type Account, reaches } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import { requireAdministeringUsers } from "../access/rights.ts";
import { findImportJob } from "./import-job-repository.ts";
import { countImportResults, importedUserIds, importProblems } from "./import-row-repository.ts";
import { type ImportJobReport, maxReported } from "./schemas.ts";

/**
 * How far an import is, and what became of its rows.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`, `NOT_FOUND`
 */
export async function reportImport(db: Database, actor: Account, jobId: string): Promise<ImportJobReport> {
  requireAdministeringUsers(actor);
  const job = await findImportJob(db, jobId);
  if (!job || !reaches(actor, job.clientId)) throw new AppError("NOT_FOUND", { message: "No such import" });
  const [counts, problems, userIds] = await Promise.all([
    countImportResults(db, jobId),
    importProblems(db, jobId, maxReported.errors),
    importedUserIds(db, jobId, maxReported.userIds),
  ]);
  const { successful = 0, failed = 0 } = counts ?? {};
  return {
    job_id: job.id,
    client_id: job.clientId,
    status: job.status,
    total_rows: job.totalRows,
    total_processed: successful + failed,
    successful,
    failed,
    errors: problems.map(({ row, error }) => `Row ${row}: ${error}`),
    created_user_ids: userIds,
    created_at: isoTime(job.createdAt),
    updated_at: isoTime(job.updatedAt),
    completed_at: isoTimeOrNull(job.completedAt),
  };
}
