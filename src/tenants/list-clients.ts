import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { listed, pageRequest } from "#src/http/page.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { pageClients } from "./client-repository.ts";
import { clientListSchema } from "./schemas.ts";
import { clientView } from "./views.ts";

export const listClients = operation({
  name: "listClients",
  summary: "Clients (tenants), newest first",
  input: z.object({
    query: cursorQuery().extend({
      is_active: z
        .enum(["true", "false"])
        .transform((value) => value === "true")
        .optional(),
    }),
  }),
  output: clientListSchema,
  run: async ({ db }, actor, { query }) => {
    const found = await pageClients(db, tenantWithin(actor), query.is_active, pageRequest(query));
    const { rows, page } = listed(found, query.limit);
    return { clients: rows.map(clientView), ...page };
  },
});
