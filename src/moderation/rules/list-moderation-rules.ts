import { z } from "@hono/zod-openapi";
import { listed, pageRequest } from "#src/http/page.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { pageRules } from "./rule-repository.ts";
import { ruleListQuery, ruleListSchema, ruleSchema } from "./schemas.ts";

export const listModerationRules = operation({
  name: "listModerationRules",
  summary: "What is not wanted in the tenant's conversations, newest first",
  input: z.object({ query: ruleListQuery }),
  output: ruleListSchema,
  run: async ({ db }, actor, { query }) => {
    const clientId = tenantWithin(actor, query.client_id) ?? actor.clientId;
    const { rows, page } = listed(await pageRules(db, clientId, pageRequest(query)), query.limit);
    return { rules: rows.map((row) => wireRow(ruleSchema, row)), ...page };
  },
});
