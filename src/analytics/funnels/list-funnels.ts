import { z } from "@hono/zod-openapi";
import { listed, pageRequest } from "#src/http/page.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { pageOfTenant } from "./funnel-repository.ts";
import { funnelListQuery, funnelListSchema, funnelSchema } from "./schemas.ts";

export const listFunnels = operation({
  name: "listFunnels",
  summary: "Ways that are counted step by step, newest first",
  input: z.object({ query: funnelListQuery }),
  output: funnelListSchema,
  run: async ({ db }, actor, { query }) => {
    const clientId = tenantWithin(actor, query.client_id) ?? actor.clientId;
    const { rows, page } = listed(await pageOfTenant(db, clientId, pageRequest(query)), query.limit);
    return { funnels: rows.map((row) => wireRow(funnelSchema, row)), ...page };
  },
});
