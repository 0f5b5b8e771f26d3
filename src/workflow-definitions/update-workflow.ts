import { z } from "@hono/zod-openapi";
import { type Action, auditAction } from "#src/audit/index.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { changeableWorkflow } from "./changeable-workflow.ts";
import { reportOnPlan } from "./report-on-plan.ts";
import { requireValidWorkflow } from "./require-valid-workflow.ts";
import { updateWorkflowSchema, workflowParams, workflowSchema } from "./schemas.ts";
import { workflowView } from "./views.ts";
import { referenceStatements } from "./workflow-reference-statement.ts";
import { isLatestWorkflow, nextWorkflowStatements, type WorkflowRow } from "./workflow-repository.ts";

const maxAttempts = 5;

/** Runs keep the versions they started with, later ones get this. */
export const updateWorkflow = operation({
  name: "updateWorkflow",
  summary: "Make the next version of a workflow definition; fields left out stay, the name too",
  input: z.object({ params: workflowParams, body: updateWorkflowSchema }),
  output: workflowSchema,
  refusals: ["WORKFLOW_INVALID", "NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params, body: { version, ...fields } }) => {
    const { db, clock } = platform;
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const before = await changeableWorkflow(db, actor, params.workflow);
      if (version !== undefined && version !== before.version) {
        throw new AppError("CONFLICT", {
          message: "The workflow has been changed meanwhile",
          details: { latest_version: before.version },
        });
      }
      const after: WorkflowRow = {
        ...before,
        ...columnsOf(fields),
        version: before.version + 1,
        updatedAt: clock.now(),
      };
      // What stays is not refused for what has changed around it: it can still be described and switched off.
      const validation = await (fields.plan
        ? requireValidWorkflow(platform, after)
        : reportOnPlan(platform, after.clientId, after.plan, {}));
      const target = { type: "workflow", id: before.id };
      const details = { name: before.name, version: after.version, changed: Object.keys(fields) };
      const action: Action = { action: "workflow.updated", target, details };
      const [, , { meta }] = await db.batch([
        auditAction(platform, actor, action, isLatestWorkflow(before)),
        ...nextWorkflowStatements(db, before, after),
        ...referenceStatements(db, "workflow", before.id),
      ]);
      if (meta.changes > 0) return workflowView(after, validation);
    }
    throw new AppError("CONFLICT", { message: "The workflow is being changed by others; try again" });
  },
});
