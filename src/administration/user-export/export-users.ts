import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { type ExportFile, exportFile } from "./export-files.ts";
import { type ExportPosition, exportPage } from "./export-repository.ts";
import { type ExportUsers, exportUsersSchema } from "./schemas.ts";

/** Rows read and held at once. A Worker may ask D1 a thousand times for one request. */
export const exportPageRows = 1000;

const encoder = new TextEncoder();

/** The file page by page; the next page is read only when the one before has been taken. */
async function* written(
  { db, clock }: Pick<Platform, "db" | "clock">,
  filters: ExportUsers["filters"],
  file: ExportFile,
): AsyncGenerator<Uint8Array, void> {
  yield encoder.encode(file.head);
  let count = 0;
  let after: ExportPosition | undefined;
  for (;;) {
    const page = await exportPage(db, filters, after, exportPageRows);
    if (page.length > 0) yield encoder.encode(file.rows(page, count));
    count += page.length;
    const last = page.at(-1);
    if (!last || page.length < exportPageRows) break;
    after = [last.createdAt, last.id];
  }
  yield encoder.encode(file.foot(count, clock.now()));
}

/** A file that is read while it is sent: what is held at a time does not grow with it. */
export interface ExportedUsers extends Pick<ExportFile, "contentType" | "name"> {
  pieces: AsyncGenerator<Uint8Array, void>;
}

export const exportUsers = operation({
  name: "exportUsers",
  summary: "Accounts of all tenants as a CSV or JSON file, the newest first",
  description:
    "Streamed: an answer that breaks off before its end is not a whole file. In CSV, a cell that a spreadsheet " +
    "would run as a formula has an apostrophe in front.",
  input: z.object({ body: exportUsersSchema }),
  output: z.custom<ExportedUsers>(),
  run: async (platform, actor, { body: { format, filters, fields } }) => {
    const file = exportFile({ format, fields });
    const client_id = tenantWithin(actor, filters.client_id);
    await auditAction(platform, actor, {
      action: "users.exported",
      target: { type: "client", id: client_id ?? "*" },
      clientId: client_id,
      details: { format, filters, fields },
    });
    const pieces = written(platform, { ...filters, client_id }, file);
    return { contentType: file.contentType, name: file.name, pieces };
  },
});
