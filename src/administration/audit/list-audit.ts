import { z } from "@hono/zod-openapi";
import { listed, pageRequest } from "#src/http/page.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { pageOfAudit } from "./audit-query-repository.ts";
import { auditListQuery, auditListSchema } from "./schemas.ts";

const entrySchema = auditListSchema.shape.entries.element;

/** The audit log of a tenant; for the operator's administrators, of all tenants. */
export const listAudit = operation({
  name: "listAudit",
  summary: "Who did what to whom, the latest first",
  input: z.object({ query: auditListQuery }),
  output: auditListSchema,
  run: async (platform, actor, { query }) => {
    const filter = { ...query, client_id: tenantWithin(actor, query.client_id) };
    const { rows, page } = listed(await pageOfAudit(platform.db, filter, pageRequest(query)), query.limit);
    return { entries: rows.map((row) => wireRow(entrySchema, row, { ip_address: row.ip })), ...page };
  },
});
