import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageOf, pageRequest } from "#src/http/page.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { findWorkflow } from "#src/workflow-definitions/index.ts";
import { namesOfPersonas } from "../history/names-of-personas.ts";
import { pageRunsOfWorkflow } from "./run-query-repository.ts";
import { workflowRunListSchema } from "./schemas.ts";
import { administeredRun } from "./views.ts";

export const listRunsOfWorkflow = operation({
  name: "listRunsOfWorkflow",
  summary: "Runs that carried out the workflow definition, as their plan or in child runs, newest first",
  input: z.object({
    params: z.object({ workflow: z.string().min(1).max(64).openapi({ description: "Id or name" }) }),
    query: cursorQuery(),
  }),
  output: workflowRunListSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params, query }) => {
    const page = pageRequest(query);
    const workflow = await findWorkflow(db, actor, params.workflow);
    if (!workflow) throw new AppError("NOT_FOUND");
    const found = await pageRunsOfWorkflow(db, workflow.id, tenantWithin(actor), page);
    const { rows, nextCursor } = pageOf(found, page.limit, ({ run }) => [run.createdAt, run.correlationId]);
    const told = rows.map(({ run }) => run);
    const names = await namesOfPersonas(db, tenantWithin(actor), told);
    const runs = rows.map(({ run, version }) => ({
      ...administeredRun(run, names),
      workflow_version: version,
    }));
    return { runs, count: runs.length, next_cursor: nextCursor };
  },
});
