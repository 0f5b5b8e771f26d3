import { z } from "@hono/zod-openapi";
import { cursorQuery, decodeCursor, encodeCursor } from "#src/http/cursor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { workflowParams, workflowVersionListSchema } from "./schemas.ts";
import { workflowVersionView } from "./views.ts";
import { findWorkflow, pageWorkflowVersions } from "./workflow-repository.ts";

export const listWorkflowVersions = operation({
  name: "listWorkflowVersions",
  summary: "Every version of the definition, newest first",
  input: z.object({ params: workflowParams, query: cursorQuery() }),
  output: workflowVersionListSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params, query: { cursor, limit } }) => {
    const below = cursor === undefined ? undefined : decodeCursor(cursor, z.number().int());
    const workflow = await findWorkflow(db, actor, params.workflow);
    if (!workflow) throw new AppError("NOT_FOUND");
    const rows = await pageWorkflowVersions(db, workflow.id, below, limit + 1);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const next_cursor = rows.length > limit && last ? encodeCursor(last.version) : null;
    return { versions: page.map(workflowVersionView), count: page.length, next_cursor };
  },
});
