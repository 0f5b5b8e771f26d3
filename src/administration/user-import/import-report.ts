import type { Database } from "#src/db/client.ts";
import { wireRow } from "#src/http/wire-row.ts";
import type { ImportJob } from "./import-job-repository.ts";
import { countImportResults, importedUserIds, importProblems } from "./import-result-repository.ts";
import { type ImportJobReport, importJobSchema, maxReported } from "./schemas.ts";

/** How far an import is, and what became of its rows. */
export async function importReport(db: Database, job: ImportJob): Promise<ImportJobReport> {
  const [counts, problems, userIds] = await Promise.all([
    countImportResults(db, job.id),
    importProblems(db, job.id, maxReported.errors),
    importedUserIds(db, job.id, maxReported.userIds),
  ]);
  const { successful = 0, failed = 0 } = counts ?? {};
  return wireRow(importJobSchema, job, {
    job_id: job.id,
    total_processed: successful + failed,
    successful,
    failed,
    errors: problems.map(({ row, error }) => `Row ${row}: ${error}`),
    created_user_ids: userIds,
  });
}
