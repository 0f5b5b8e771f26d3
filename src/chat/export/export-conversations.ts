import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import type { Exported } from "#src/exports/index.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { requestKey } from "#src/kernel/request-key.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { pageOfTenant } from "../conversation-repository.ts";
import { beginExport } from "./begin-export.ts";
import { exportFormatsByName } from "./export-formats.ts";
import { exportView } from "./export-view.ts";
import { exportedConversation } from "./exported-conversation.ts";
import { exportedFile } from "./exported-file.ts";
import {
  type ExportConversations,
  type ExportJobView,
  exportConversationsSchema,
  maxExported,
  maxStreamed,
} from "./schemas.ts";

/**
 * Which conversations are meant: those that are named, or that fit, the one that moved last first.
 * @throws AppError `VALIDATION_ERROR` where more fit than one export takes
 */
async function idsOf(
  db: Platform["db"],
  clientId: string,
  { conversation_ids, conversationIds = conversation_ids, filters = {} }: ExportConversations,
): Promise<string[]> {
  if (conversationIds) return conversationIds;
  const { user_id, instance_id, admin_id, status, holder, start_date: start, end_date: end } = filters;
  const filter = {
    clientId,
    userId: user_id,
    instanceId: instance_id,
    adminId: admin_id,
    status,
    holder,
    start,
    end,
  };
  const rows = await pageOfTenant(db, filter, { after: undefined, limit: maxExported }, 0);
  if (rows.length > maxExported)
    throw new AppError("VALIDATION_ERROR", {
      message: `More than ${maxExported} conversations fit: narrow the filters`,
    });
  return rows.map(({ id }) => id);
}

export const exportConversations = operation({
  name: "exportConversations",
  summary:
    "Conversations of a tenant as a file: JSON, NDJSON, CSV or Markdown, or an archive with what came with them",
  description:
    "At most 1 000 of them, named or filtered. Up to 100 are written while they are sent: an answer that breaks off before its " +
    "end is not a whole file; JSON ends with `complete`, NDJSON with a line that says so. More are gathered first: the answer " +
    "is 202, `Location` says how far that is, and its `url` has the file for a day. In CSV, a cell that a spreadsheet would run " +
    "as a formula has an apostrophe in front; in Markdown, what was said is quoted.",
  input: z.object({ body: exportConversationsSchema }),
  /** The file, or the job that gathers it. */
  output: z.custom<Exported | ExportJobView>(),
  refusals: ["CONFLICT", "RATE_LIMITED"],
  runOnce: async (platform, actor, { body }, { idempotencyKey }) => {
    const { db, objects } = platform;
    const clientId = tenantWithin(actor, body.client_id) ?? actor.clientId;
    const ids = await idsOf(db, clientId, body);
    const { format, branch, filters = null, include_notes, include_attachments } = body;
    const details = { format, branch, filters, include_notes, include_attachments, count: ids.length };
    if (ids.length > maxStreamed) {
      const request = requestKey([clientId, actor.userId, "exportConversations"], idempotencyKey, body);
      const { job, replayed } = await beginExport(platform, actor, {
        clientId,
        ids,
        asked: body,
        details,
        request,
      });
      return { output: exportView(job), replayed };
    }
    await auditAction(platform, actor, {
      action: "conversations.exported",
      target: { type: "client", id: clientId },
      clientId,
      details,
    });
    const wanted = { branch, withNotes: include_notes };
    const output = exportedFile(platform, {
      clientId,
      ids,
      format,
      withFiles: include_attachments,
      source: async (id) =>
        exportedConversation(await objects.conversation(clientId, id), wanted, exportFormatsByName[format]),
    });
    return { output, replayed: false };
  },
});
