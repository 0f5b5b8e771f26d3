import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { auditAction } from "#src/audit/index.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { ownerOf } from "#src/tenants/index.ts";
import { requireValidWorkflow } from "./require-valid-workflow.ts";
import { createWorkflowSchema, workflowSchema } from "./schemas.ts";
import { workflowView } from "./views.ts";
import { referenceStatements } from "./workflow-reference-statement.ts";
import { isLatestWorkflow, newWorkflowStatements, type WorkflowRow } from "./workflow-repository.ts";

export const createWorkflow = operation({
  name: "createWorkflow",
  summary: "Make a workflow definition; its plan must be valid",
  description:
    "Those of the operator's administrators are the platform's, for every tenant to use; others are their tenant's. Steps and sub-tasks of any plan start one as a child run " +
    "by the topic `workflow:{name}`; a template may name one in the place of its plan.",
  input: z.object({ body: createWorkflowSchema }),
  output: workflowSchema,
  refusals: ["WORKFLOW_INVALID", "CONFLICT"],
  run: async (platform, actor, { body }) => {
    const { db, clock } = platform;
    const now = clock.now();
    const row: WorkflowRow = {
      id: uuidv7({ msecs: now }),
      clientId: ownerOf(actor),
      ...columnsOf(body),
      version: 1,
      isActive: true,
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
    };
    const validation = await requireValidWorkflow(platform, row);
    const target = { type: "workflow", id: row.id };
    const [{ meta }] = await db.batch([
      ...newWorkflowStatements(db, row),
      auditAction(
        platform,
        actor,
        { action: "workflow.created", target, details: { name: row.name } },
        isLatestWorkflow(row),
      ),
      ...referenceStatements(db, "workflow", row.id),
    ]);
    if (meta.changes === 0) throw new AppError("CONFLICT", { message: "There is a workflow of this name" });
    return workflowView(row, validation);
  },
});
