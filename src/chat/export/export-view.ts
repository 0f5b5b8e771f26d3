import { isoTime } from "#src/kernel/clock.ts";
import { type ExportJob, exportLivesMs } from "./export-repository.ts";
import type { ExportJobView } from "./schemas.ts";

/** How far an export is. */
export function exportView(job: ExportJob): ExportJobView {
  const { id, clientId, status, format, done, conversationIds, createdAt, completedAt } = job;
  const isReady = status === "completed";
  return {
    id,
    client_id: clientId,
    status,
    format,
    branch: job.branch,
    include_notes: job.includeNotes,
    include_attachments: job.includeAttachments,
    conversations: conversationIds.length,
    progress: done / conversationIds.length,
    url: isReady ? `/api/v1/admin/exports/${id}/file` : null,
    created_at: isoTime(createdAt),
    completed_at: completedAt === null ? null : isoTime(completedAt),
    expires_at: isReady && completedAt !== null ? isoTime(completedAt + exportLivesMs) : null,
  };
}
