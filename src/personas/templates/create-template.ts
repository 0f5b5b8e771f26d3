import { v7 as uuidv7 } from "uuid";
import type { ActingContext } from "#src/audit/acting-context.ts";
import { auditAction } from "#src/audit/audit-action.ts";
import type { PlanProblem } from "#src/engine/plans/plan-problem.ts";
import { type Account, assertPermission } from "#src/kernel/actor.ts";
import { ownerOf } from "#src/tenants/ownership.ts";
import { referenceStatements } from "#src/workflow-definitions/workflow-reference-statement.ts";
import type { CreateTemplate } from "../schemas.ts";
import { requireValidPlan } from "./check-config.ts";
import { newTemplateStatements, type TemplateRow } from "./template-repository.ts";

/** A template as it has just been written, with what its author should know. */
export interface SavedTemplate extends TemplateRow {
  warnings: PlanProblem[];
}

/**
 * Makes a template, version 1.
 * @throws AppError `WORKFLOW_INVALID` with every problem of its plan
 */
export async function createTemplate(
  context: ActingContext,
  actor: Account,
  request: CreateTemplate,
): Promise<SavedTemplate> {
  assertPermission(actor, "personas.create");
  const { db, clock } = context;
  const warnings = await requireValidPlan(db, ownerOf(actor), request.config);
  const now = clock.now();
  const { name, description, category, config } = request;
  const row: TemplateRow = {
    id: uuidv7({ msecs: now }),
    clientId: ownerOf(actor),
    name,
    description,
    category,
    version: 1,
    config,
    isActive: true,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  const target = { type: "template", id: row.id };
  await db.batch([
    ...newTemplateStatements(db, row),
    auditAction(context, actor, { action: "template.created", target, details: { name } }),
    ...referenceStatements(db, "template", row.id),
  ]);
  return { ...row, warnings };
}
