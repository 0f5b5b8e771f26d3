import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import type { Exported } from "#src/exports/index.ts";
import { type Account, tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { pageOfTenant } from "../conversation-repository.ts";
import { exportFormatsByName } from "./export-formats.ts";
import { type ExportConversations, exportConversationsSchema, maxExported } from "./schemas.ts";
import { writtenExport } from "./written-export.ts";

/**
 * Which conversations are meant: those that are named, or that fit, the one that moved last first.
 * @throws AppError `VALIDATION_ERROR` where more fit than one export takes
 */
async function idsOf(
  db: Platform["db"],
  clientId: string,
  { conversation_ids, filters = {} }: ExportConversations,
): Promise<string[]> {
  if (conversation_ids) return conversation_ids;
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

const tenantOf = (actor: Account, { client_id }: ExportConversations): string =>
  tenantWithin(actor, client_id) ?? actor.clientId;

export const exportConversations = operation({
  name: "exportConversations",
  summary: "Conversations of a tenant as a file: JSON, NDJSON, CSV or Markdown",
  description:
    "At most 100 of them, named or filtered. Streamed: an answer that breaks off before its end is not a whole file; JSON " +
    "ends with `complete`, NDJSON with a line that says so. In CSV, a cell that a spreadsheet would run as a formula has an " +
    "apostrophe in front; in Markdown, what was said is quoted.",
  input: z.object({ body: exportConversationsSchema }),
  output: z.custom<Exported>(),
  run: async ({ db, clock, objects }, actor, { body }) => {
    const clientId = tenantOf(actor, body);
    const ids = await idsOf(db, clientId, body);
    const { format, branch, filters = null } = body;
    await auditAction({ db, clock }, actor, {
      action: "conversations.exported",
      target: { type: "client", id: clientId },
      clientId,
      details: { format, branch, filters, count: ids.length },
    });
    const file = exportFormatsByName[format];
    return {
      contentType: file.contentType,
      name: `conversations.${file.extension}`,
      pieces: writtenExport((id) => objects.conversation(clientId, id), { ids, branch }, file),
    };
  },
});
