import { v7 as uuidv7 } from "uuid";
import type { ActingContext } from "#src/audit/acting-context.ts";
import { auditAction } from "#src/audit/audit-action.ts";
import type { Database } from "#src/db/client.ts";
import type { PlanReport } from "#src/engine/plans/validate-plan.ts";
import { type Account, requireRole } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { ownerOf } from "#src/tenants/ownership.ts";
import { reportOnPlan } from "./report-on-plan.ts";
import type { CreateWorkflow } from "./schemas.ts";
import { referenceStatements } from "./workflow-reference-statement.ts";
import { isLatestWorkflow, newWorkflowStatements, type WorkflowRow } from "./workflow-repository.ts";

/** A definition with what its plan's check says. */
export interface CheckedWorkflow {
  row: WorkflowRow;
  validation: PlanReport;
}

/** @throws AppError `WORKFLOW_INVALID` with every problem of the plan */
export async function requireValidWorkflow(
  db: Database,
  { id, clientId, name, version, plan }: Pick<WorkflowRow, "id" | "clientId" | "name" | "version" | "plan">,
): Promise<PlanReport> {
  // Checked as if it were stored already, so that a plan that leads back to itself is found.
  const report = await reportOnPlan(db, clientId, plan, {}, { [name]: { id, version, plan } });
  const { valid, errors, warnings } = report;
  if (!valid) throw new AppError("WORKFLOW_INVALID", { details: { errors, warnings } });
  return report;
}

/**
 * Makes a workflow definition, version 1; plans can start it as a child run from that moment on.
 * @throws AppError `WORKFLOW_INVALID` with every problem of its plan; `CONFLICT` when the name is taken
 */
export async function createWorkflow(
  context: ActingContext,
  actor: Account,
  { name, description, plan }: CreateWorkflow,
): Promise<CheckedWorkflow> {
  requireRole(actor, "admin");
  const { db, clock } = context;
  const now = clock.now();
  const row: WorkflowRow = {
    id: uuidv7({ msecs: now }),
    clientId: ownerOf(actor),
    name,
    description,
    version: 1,
    plan,
    isActive: true,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  const validation = await requireValidWorkflow(db, row);
  const target = { type: "workflow", id: row.id };
  const [{ meta }] = await db.batch([
    ...newWorkflowStatements(db, row),
    auditAction(
      context,
      actor,
      { action: "workflow.created", target, details: { name } },
      isLatestWorkflow(row),
    ),
    ...referenceStatements(db, "workflow", row.id),
  ]);
  if (meta.changes === 0) throw new AppError("CONFLICT", { message: "There is a workflow of this name" });
  return { row, validation };
}
