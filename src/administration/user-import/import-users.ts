import { z } from "@hono/zod-openapi";
import { findClient } from "#src/identity/index.ts";
import { importedText } from "#src/imports/index.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { errorFields } from "#src/observability/logger.ts";
import { operation } from "#src/operation/operation.ts";
import { askForStep } from "./ask-for-step.ts";
import { continueImport, type StepLimits } from "./continue-import.ts";
import { findImportJob } from "./import-job-repository.ts";
import { importReport } from "./import-report.ts";
import type { Importing } from "./importing.ts";
import { makeImportJob } from "./make-import-job.ts";
import { type ImportRow, readUserCsv } from "./read-user-csv.ts";
import { importFormSchema, importJobSchema, importResultSchema } from "./schemas.ts";

/** What one request takes over itself: ten passwords are about 3 s of CPU. Mails go out afterwards. */
const directLimits: StepLimits = { rows: 100, passwords: 10, mails: 0 };

const isSmall = (rows: readonly ImportRow[]): boolean =>
  rows.length <= directLimits.rows &&
  rows.filter((row) => "account" in row && row.account.password !== undefined).length <=
    directLimits.passwords;

/** The first step of a small file; one that fails leaves the job to others. */
async function takeAtOnce(platform: Importing, jobId: string): Promise<"more" | "done" | "busy"> {
  try {
    return await continueImport(platform, jobId, directLimits);
  } catch (error) {
    platform.log.error("import step failed; it is repeated", { job_id: jobId, ...errorFields(error) });
    return "more";
  }
}

/** Takes a file of users over: at once when it is small, else as a job that goes on by itself. */
export const importUsers = operation({
  name: "importUsers",
  summary: "Make accounts from a CSV file of at most 10 MB and 50 000 rows",
  description:
    "The first row names the columns: `email` and, if wanted, `password`, `first_name`, `last_name`, `company`; " +
    "others are ignored. A row that cannot be taken over is reported and stops no other. An account without a " +
    "password cannot be signed in to until its owner, who is mailed a token, has chosen one. Small files (up to " +
    "100 rows, 10 passwords) are taken over at once; larger ones by a job, whose state `Location` shows.",
  input: z.object({ body: importFormSchema }),
  /** The job that goes on; of one whose rows have all been taken over, only what became of them. */
  output: z.union([importJobSchema, importResultSchema]),
  refusals: ["BAD_REQUEST", "NOT_FOUND", "PAYLOAD_TOO_LARGE"],
  run: async (platform, actor, { body: { file, client_id } }) => {
    tenantWithin(actor, client_id);
    const { db } = platform;
    const rows = readUserCsv(await importedText(file));
    const client = await findClient(db, client_id);
    if (!client?.isActive) throw new AppError("NOT_FOUND", { message: "No such tenant" });
    const jobId = await makeImportJob(platform, actor, client_id, rows);
    const small = isSmall(rows);
    const state = small ? await takeAtOnce(platform, jobId) : "more";
    if (state !== "done") await askForStep(platform, jobId);
    const job = await findImportJob(db, jobId);
    if (!job) throw new Error(`Import ${jobId} is gone`);
    const report = await importReport(db, job);
    if (!small || job.nextRow < rows.length) return report;
    platform.told(client_id);
    return importResultSchema.parse(report);
  },
});
