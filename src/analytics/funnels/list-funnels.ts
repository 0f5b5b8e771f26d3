import { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { listOfTenant } from "./funnel-repository.ts";
import { funnelListQuery, funnelListSchema, funnelSchema } from "./schemas.ts";

export const listFunnels = operation({
  name: "listFunnels",
  summary: "Ways that are counted step by step, newest first",
  input: z.object({ query: funnelListQuery }),
  output: funnelListSchema,
  run: async ({ db }, actor, { query }) => {
    const clientId = tenantWithin(actor, query.client_id) ?? actor.clientId;
    return { funnels: (await listOfTenant(db, clientId)).map((row) => wireRow(funnelSchema, row)) };
  },
});
