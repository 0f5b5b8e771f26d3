import type { Database } from "#src/db/client.ts";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import type { ImportJob } from "./import-job-repository.ts";
import { countImportResults, importedUserIds, importProblems } from "./import-row-repository.ts";
import { type ImportJobReport, maxReported } from "./schemas.ts";

/** How far an import is, and what became of its rows. */
export async function importReport(db: Database, job: ImportJob): Promise<ImportJobReport> {
  const [counts, problems, userIds] = await Promise.all([
    countImportResults(db, job.id),
    importProblems(db, job.id, maxReported.errors),
    importedUserIds(db, job.id, maxReported.userIds),
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
