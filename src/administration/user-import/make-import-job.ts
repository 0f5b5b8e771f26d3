import { v7 as uuidv7 } from "uuid";
import { auditAction } from "#src/audit/index.ts";
import type { Account } from "#src/kernel/actor.ts";
import { newSealKey } from "#src/kernel/sealed-text.ts";
import type { Platform } from "#src/platform.ts";
import { cutText } from "#src/text/cut-text.ts";
import { writeImportFiles } from "./import-files.ts";
import { insertImportJob, startImportJob } from "./import-job-repository.ts";
import type { ImportRow } from "./read-user-csv.ts";

/**
 * Stores rows as a job that can be gone on with.
 * @returns its id
 */
export async function makeImportJob(
  platform: Pick<Platform, "db" | "clock" | "blobs">,
  actor: Account,
  clientId: string,
  rows: readonly ImportRow[],
): Promise<string> {
  const { db, clock, blobs } = platform;
  const now = clock.now();
  const id = uuidv7({ msecs: now });
  const rowsKey = newSealKey();
  // The job comes before its files, so that files that a crash left behind are found.
  await db.batch([
    insertImportJob(db, {
      id,
      clientId,
      status: "preparing",
      totalRows: rows.length,
      nextRow: 0,
      leaseUntil: 0,
      attempts: 0,
      rowsKey,
      actorId: actor.userId,
      ip: actor.device.ip,
      userAgent: cutText(actor.device.userAgent, 255),
      createdAt: now,
      updatedAt: now,
      completedAt: null,
    }),
    auditAction(platform, actor, {
      action: "users.import",
      target: { type: "client", id: clientId },
      clientId,
      details: { job_id: id, rows: rows.length },
    }),
  ]);
  await writeImportFiles(blobs, { id, rowsKey }, rows, () => uuidv7());
  await startImportJob(db, id, clock.now());
  return id;
}
