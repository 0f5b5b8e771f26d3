import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { type Exported, written } from "#src/exports/index.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { exportFile } from "./export-files.ts";
import { exportPage } from "./export-repository.ts";
import { exportUsersSchema } from "./schemas.ts";

/** Rows read and held at once. A Worker may ask D1 a thousand times for one request. */
export const exportPageRows = 1000;

export const exportUsers = operation({
  name: "exportUsers",
  summary: "Accounts of all tenants as a CSV or JSON file, the newest first",
  description:
    "Streamed: an answer that breaks off before its end is not a whole file. In CSV, a cell that a spreadsheet " +
    "would run as a formula has an apostrophe in front.",
  input: z.object({ body: exportUsersSchema }),
  output: z.custom<Exported>(),
  run: async (platform, actor, { body: { format, filters, fields } }) => {
    const file = exportFile({ format, fields });
    const client_id = tenantWithin(actor, filters.client_id);
    await auditAction(platform, actor, {
      action: "users.exported",
      target: { type: "client", id: client_id ?? "*" },
      clientId: client_id,
      details: { format, filters, fields },
    });
    const { db, clock } = platform;
    return written(file, {
      pageAfter: (last) =>
        exportPage(db, { ...filters, client_id }, last && [last.createdAt, last.id], exportPageRows),
      pageRows: exportPageRows,
      clock,
    });
  },
});
