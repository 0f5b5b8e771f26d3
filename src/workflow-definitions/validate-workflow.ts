import { z } from "@hono/zod-openapi";
import { planReportSchema } from "#src/engine/plans/validate-plan.ts";
import { operation } from "#src/operation/operation.ts";
import { ownerOf } from "#src/tenants/index.ts";
import { reportOnPlan } from "./report-on-plan.ts";
import { validateWorkflowSchema } from "./schemas.ts";

export const validateWorkflow = operation({
  name: "validateWorkflow",
  summary: "Check a plan that is not stored, and measure it",
  description:
    "With the agents and workflows there are now. Given a `name`, it is checked as the definition of that name, so that a plan that leads back to itself is found.",
  input: z.object({ body: validateWorkflowSchema }),
  output: planReportSchema,
  run: (platform, actor, { body: { name, plan } }) => {
    const asStored = name === undefined ? undefined : { [name]: { id: "unstored", version: 1, plan } };
    return reportOnPlan(platform, ownerOf(actor), plan, {}, asStored, true);
  },
});
