import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { changeableWorkflow } from "./changeable-workflow.ts";
import { workflowParams } from "./schemas.ts";
import { referenceStatements } from "./workflow-reference-statement.ts";
import { deleteUnusedWorkflow, isUnusedWorkflow, referencesTo } from "./workflow-repository.ts";

/** How many of those that name a workflow a refusal tells. */
const maxTold = 20;

/** Deletes softly; its name is free again. Runs that have started keep it. */
export const deleteWorkflow = operation({
  name: "deleteWorkflow",
  summary: "Delete a workflow definition that no template and no other definition refers to",
  input: z.object({ params: workflowParams }),
  output: z.void(),
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params }) => {
    const { db, clock } = platform;
    const row = await changeableWorkflow(db, actor, params.workflow);
    const { id, name } = row;
    const [, { meta }] = await db.batch([
      auditAction(
        platform,
        actor,
        { action: "workflow.deleted", target: { type: "workflow", id }, details: { name } },
        isUnusedWorkflow(row),
      ),
      deleteUnusedWorkflow(db, row, clock.now()),
      ...referenceStatements(db, "workflow", id),
    ]);
    if (meta.changes > 0) return;
    const referrers = await referencesTo(db, row, maxTold);
    if (referrers.length === 0) throw new AppError("NOT_FOUND", { message: "No such workflow" });
    throw new AppError("CONFLICT", {
      message: "Templates or workflows refer to this workflow; switch it off or change them first",
      details: {
        referrers: referrers.map(({ referrerType, referrerId }) => ({ type: referrerType, id: referrerId })),
      },
    });
  },
});
