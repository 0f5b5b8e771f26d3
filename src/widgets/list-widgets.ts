import { z } from "@hono/zod-openapi";
import { listed, pageRequest } from "#src/http/page.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { widgetListQuery, widgetListSchema, widgetSchema } from "./schemas.ts";
import { pageWidgets } from "./widget-repository.ts";

export const listWidgets = operation({
  name: "listWidgets",
  summary: "Widgets of the tenant, newest first",
  input: z.object({ query: widgetListQuery }),
  output: widgetListSchema,
  run: async ({ db }, actor, { query }) => {
    const clientId = tenantWithin(actor, query.client_id) ?? actor.clientId;
    const found = await pageWidgets(db, clientId, pageRequest(query));
    const { rows, page } = listed(found, query.limit);
    return { widgets: rows.map((row) => wireRow(widgetSchema, row)), ...page };
  },
});
