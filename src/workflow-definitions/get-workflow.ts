import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { reportOnPlan } from "./report-on-plan.ts";
import { workflowParams, workflowSchema } from "./schemas.ts";
import { workflowView } from "./views.ts";
import { findWorkflow } from "./workflow-repository.ts";

export const getWorkflow = operation({
  name: "getWorkflow",
  summary: "One workflow definition, with what its plan's check says today",
  description:
    "Asked for a run by its id, as the older system was, it leads to `/admin/workflows/runs/{id}`.",
  input: z.object({ params: workflowParams }),
  output: workflowSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params }) => {
    const row = await findWorkflow(platform.db, actor, params.workflow);
    if (!row) throw new AppError("NOT_FOUND");
    return workflowView(row, await reportOnPlan(platform, row.clientId, row.plan, {}));
  },
});
