import type { ActingContext } from "#src/audit/acting-context.ts";
import { type Action, auditAction } from "#src/audit/audit-action.ts";
import { type Account, requireRole } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { requireOwner } from "#src/tenants/ownership.ts";
import { type CheckedWorkflow, requireValidWorkflow } from "./create-workflow.ts";
import { reportOnPlan } from "./report-on-plan.ts";
import type { UpdateWorkflow } from "./schemas.ts";
import { referenceStatements } from "./workflow-reference-statement.ts";
import {
  findWorkflow,
  isLatestWorkflow,
  nextWorkflowStatements,
  type WorkflowRow,
} from "./workflow-repository.ts";

const maxAttempts = 5;

/**
 * Makes the next version of a definition; fields left out stay. Runs keep the
 * versions they started with, later ones get this.
 * @throws AppError `NOT_FOUND`; `WORKFLOW_INVALID`; `CONFLICT` when `version` is not the latest, or others keep
 * changing it
 */
export async function updateWorkflow(
  context: ActingContext,
  actor: Account,
  idOrName: string,
  { version, is_active, ...fields }: UpdateWorkflow,
): Promise<CheckedWorkflow> {
  requireRole(actor, "admin");
  const { db, clock } = context;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const before = await findWorkflow(db, actor, idOrName);
    if (!before) throw new AppError("NOT_FOUND", { message: "No such workflow" });
    requireOwner(actor, before.clientId);
    if (version !== undefined && version !== before.version) {
      throw new AppError("CONFLICT", {
        message: "The workflow has been changed meanwhile",
        details: { latest_version: before.version },
      });
    }
    const after: WorkflowRow = {
      ...before,
      ...fields,
      isActive: is_active ?? before.isActive,
      version: before.version + 1,
      updatedAt: clock.now(),
    };
    // What stays is not refused for what has changed around it: it can still be described and switched off.
    const validation = await (fields.plan
      ? requireValidWorkflow(db, after)
      : reportOnPlan(db, after.clientId, after.plan, {}));
    const target = { type: "workflow", id: before.id };
    const changed = Object.keys({ ...fields, ...(is_active === undefined ? {} : { is_active }) });
    const details = { name: before.name, version: after.version, changed };
    const action: Action = { action: "workflow.updated", target, details };
    const [, , { meta }] = await db.batch([
      auditAction(context, actor, action, isLatestWorkflow(before)),
      ...nextWorkflowStatements(db, before, after),
      ...referenceStatements(db, "workflow", before.id),
    ]);
    if (meta.changes > 0) return { row: after, validation };
  }
  throw new AppError("CONFLICT", { message: "The workflow is being changed by others; try again" });
}
