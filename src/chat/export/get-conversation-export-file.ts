import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import type { Exported } from "#src/exports/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { exportedFile } from "./exported-file.ts";
import { findReachableExport } from "./find-reachable-export.ts";
import { gatheredConversation } from "./gathered-conversation.ts";

export const getConversationExportFile = operation({
  name: "getConversationExportFile",
  summary: "The file of an export that has ended",
  description:
    "As it was when it was gathered, but for conversations that were erased since: they are named in `missing`.",
  input: z.object({ params: z.object({ export_id: z.uuid() }) }),
  output: z.custom<Exported>(),
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params }) => {
    const job = await findReachableExport(platform, actor, params.export_id);
    const { id: exportId, clientId, status, format, includeAttachments, conversationIds } = job;
    if (status !== "completed")
      throw new AppError("CONFLICT", {
        message: status === "failed" ? "The export has failed; begin another" : "The export is not ready yet",
      });
    await auditAction(platform, actor, {
      action: "conversations.export_fetched",
      target: { type: "client", id: clientId },
      clientId,
      details: { export_id: exportId },
    });
    const { blobs } = platform;
    return exportedFile(platform, {
      clientId,
      ids: conversationIds,
      format,
      withFiles: includeAttachments,
      source: (conversationId) => gatheredConversation(blobs, { clientId, conversationId, exportId }),
    });
  },
});
