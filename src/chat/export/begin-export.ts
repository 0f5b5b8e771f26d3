import { v7 as uuidv7 } from "uuid";
import { auditAction } from "#src/audit/index.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { RequestKey } from "#src/kernel/request-key.ts";
import type { Platform } from "#src/platform.ts";
import { askForStep, type StepQueue } from "./ask-for-step.ts";
import {
  type ExportJob,
  exportIsThere,
  findExport,
  findExportOfRequest,
  insertExport,
  maxExportsOfTenant,
} from "./export-repository.ts";
import type { ExportConversations } from "./schemas.ts";

type Asked = Pick<ExportConversations, "format" | "branch" | "include_notes" | "include_attachments">;

interface Export {
  clientId: string;
  ids: readonly string[];
  asked: Asked;
  /** What the audit log says of it. */
  details: Record<string, unknown>;
  request: RequestKey | null;
}

/**
 * Begins an export that is gathered bit by bit; the same call again is given the one that it has begun.
 * @throws AppError `CONFLICT` where the call's key stands for another; `RATE_LIMITED` where the tenant has too many
 */
export async function beginExport(
  platform: Pick<Platform, "db" | "clock"> & StepQueue,
  actor: Account,
  { clientId, ids, asked, details, request }: Export,
): Promise<{ job: ExportJob; replayed: boolean }> {
  const { db, clock } = platform;
  const now = clock.now();
  const id = uuidv7({ msecs: now });
  await db.batch([
    insertExport(db, {
      id,
      clientId,
      status: "running",
      format: asked.format,
      branch: asked.branch,
      includeNotes: asked.include_notes,
      includeAttachments: asked.include_attachments,
      conversationIds: [...new Set(ids)],
      done: 0,
      attempts: 0,
      requestKey: request?.key ?? null,
      bodyDigest: request?.bodyDigest ?? null,
      createdAt: now,
      updatedAt: now,
      completedAt: null,
    }),
    auditAction(
      platform,
      actor,
      {
        action: "conversations.exported",
        target: { type: "client", id: clientId },
        clientId,
        details: { ...details, export_id: id },
      },
      exportIsThere(id),
    ),
  ]);
  const begun = await findExport(db, id);
  if (begun) {
    await askForStep(platform, id);
    return { job: begun, replayed: false };
  }
  const before = request && (await findExportOfRequest(db, request.key));
  if (!before)
    throw new AppError("RATE_LIMITED", {
      message: `A tenant has at most ${maxExportsOfTenant} exports at once; one goes a day after it was completed`,
    });
  if (before.bodyDigest !== request.bodyDigest)
    throw new AppError("CONFLICT", { message: "This Idempotency-Key was used for another request" });
  return { job: before, replayed: true };
}
