import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { listed, pageRequest } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { workflowListSchema } from "./schemas.ts";
import { workflowSummary } from "./views.ts";
import { pageWorkflows } from "./workflow-repository.ts";

export const listWorkflows = operation({
  name: "listWorkflows",
  summary: "Workflow definitions, newest first; active ones unless `is_active` asks otherwise",
  input: z.object({
    query: cursorQuery().extend({ is_active: z.enum(["true", "false", "all"]).default("true") }),
  }),
  output: workflowListSchema,
  run: async ({ db }, actor, { query }) => {
    const isActive = query.is_active === "all" ? undefined : query.is_active === "true";
    const found = await pageWorkflows(db, actor, isActive, pageRequest(query));
    const { rows, page } = listed(found, query.limit);
    return { workflows: rows.map(workflowSummary), ...page };
  },
});
