import { v7 as uuidv7 } from "uuid";
import { type AuditEntry, auditStatement } from "#src/audit/audit-repository.ts";
import { findClient } from "#src/identity/accounts/user-repository.ts";
import { type Account, tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Device } from "#src/kernel/device.ts";
import { newSealKey } from "#src/kernel/sealed-text.ts";
import { errorFields } from "#src/observability/logger.ts";
import { cutText } from "#src/text/cut-text.ts";
import { requireAdministeringUsers } from "../access/rights.ts";
import { continueImport, type ImportContext, type StepLimits } from "./continue-import.ts";
import { writeImportFiles } from "./import-files.ts";
import { findImportJob, insertImportJob, startImportJob } from "./import-job-repository.ts";
import { type ImportRow, readUserCsv } from "./read-user-csv.ts";

/** What one request takes over itself: ten passwords are about 3 s of CPU. Mails go out afterwards. */
const directLimits: StepLimits = { rows: 100, passwords: 10, mails: 0 };

const isSmall = (rows: readonly ImportRow[]): boolean =>
  rows.length <= directLimits.rows &&
  rows.filter((row) => "account" in row && row.account.password !== undefined).length <=
    directLimits.passwords;

export interface StartImport {
  /** The CSV file's bytes, in UTF-8. */
  file: ArrayBuffer;
  clientId: string;
  device: Device;
  /** Has the job gone on with by somebody else. */
  carryOn(jobId: string): Promise<void>;
}

function textOf(file: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(file);
  } catch (cause) {
    throw new AppError("BAD_REQUEST", { message: "The file is not in UTF-8", cause });
  }
}

/**
 * Takes a file of users over: at once when it is small, else as a job that goes on by itself.
 * @returns the job, and whether all of its rows have been taken over
 * @throws AppError `INSUFFICIENT_PERMISSIONS`; `BAD_REQUEST` for a file that is none; `NOT_FOUND`
 *   when there is no such active tenant
 */
export async function startImport(
  context: ImportContext,
  actor: Account,
  { file, clientId, device, carryOn }: StartImport,
): Promise<{ jobId: string; taken: boolean }> {
  requireAdministeringUsers(actor);
  tenantWithin(actor, clientId);
  const { db, clock, blobs } = context;
  const rows = readUserCsv(textOf(file));
  const client = await findClient(db, clientId);
  if (!client?.isActive) throw new AppError("NOT_FOUND", { message: "No such tenant" });
  const now = clock.now();
  const jobId = uuidv7({ msecs: now });
  const rowsKey = newSealKey();
  const details = { job_id: jobId, rows: rows.length };
  const target = { type: "client", id: clientId };
  const entry: AuditEntry = {
    actorId: actor.userId,
    action: "users.import",
    target,
    clientId,
    details,
    device,
  };
  // The job comes before its files, so that files that a crash left behind are found.
  await db.batch([
    insertImportJob(db, {
      id: jobId,
      clientId,
      status: "preparing",
      totalRows: rows.length,
      nextRow: 0,
      leaseUntil: 0,
      attempts: 0,
      rowsKey,
      actorId: actor.userId,
      ip: device.ip,
      userAgent: cutText(device.userAgent, 255),
      createdAt: now,
      updatedAt: now,
      completedAt: null,
    }),
    auditStatement(db, entry, now),
  ]);
  await writeImportFiles(blobs, { id: jobId, rowsKey }, rows, () => uuidv7());
  await startImportJob(db, jobId, clock.now());
  if (!isSmall(rows)) {
    await carryOn(jobId);
    return { jobId, taken: false };
  }
  if ((await takeAtOnce(context, jobId)) !== "done") await carryOn(jobId);
  const job = await findImportJob(db, jobId);
  return { jobId, taken: job?.nextRow === rows.length };
}

/** The first step of a small file; one that fails leaves the job to others. */
async function takeAtOnce(context: ImportContext, jobId: string): Promise<"more" | "done" | "busy"> {
  try {
    return await continueImport(context, jobId, directLimits);
  } catch (error) {
    context.logger.error("import step failed; it is repeated", { job_id: jobId, ...errorFields(error) });
    return "more";
  }
}
