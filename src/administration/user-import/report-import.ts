import { isoTime, isoTimeOrNull } from "../../clock.ts";
import type { Database } from "../../db/client.ts";
import { AppError } from "../../http/app-error.ts";
import { type Principal, reaches } from "../../identity/principal.ts";
import { requireAdministeringUsers } from "../rights.ts";
import { findImportJob } from "./import-job-repository.ts";
import { countImportResults, importedUserIds, importProblems } from "./import-row-repository.ts";
import { type ImportJobReport, mostReported } from "./schemas.ts";

/**
 * How far an import is, and what became of its rows.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`, `NOT_FOUND`
 */
export async function reportImport(
  db: Database,
  principal: Principal,
  jobId: string,
): Promise<ImportJobReport> {
  requireAdministeringUsers(principal);
  const job = await findImportJob(db, jobId);
  if (!job || !reaches(principal, job.clientId))
    throw new AppError("NOT_FOUND", { message: "No such import" });
  const [counts, problems, userIds] = await Promise.all([
    countImportResults(db, jobId),
    importProblems(db, jobId, mostReported.errors),
    importedUserIds(db, jobId, mostReported.userIds),
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
