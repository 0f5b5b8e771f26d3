import { v7 as uuidv7 } from "uuid";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/client.ts";
import type { Device } from "../identity/device.ts";
import { assertPermission, type Principal } from "../identity/principal.ts";
import { ownerOf } from "../tenants/ownership.ts";
import { referenceStatements } from "../workflow-definitions/workflow-reference-statement.ts";
import type { PlanProblem } from "../workflows/plan-problem.ts";
import { auditAction } from "./audit-action.ts";
import { requireValidPlan } from "./check-config.ts";
import type { CreateTemplate } from "./schemas.ts";
import { newTemplateStatements, type TemplateRow } from "./template-repository.ts";

/** A template as it has just been written, with what its author should know. */
export interface SavedTemplate extends TemplateRow {
  warnings: PlanProblem[];
}

export interface PersonaContext {
  db: Database;
  clock: Clock;
  /** Where the request came from; none when the platform acts by itself. */
  device?: Device;
}

/**
 * Makes a template, version 1.
 * @throws AppError `WORKFLOW_INVALID` with every problem of its plan
 */
export async function createTemplate(
  context: PersonaContext,
  principal: Principal,
  request: CreateTemplate,
): Promise<SavedTemplate> {
  assertPermission(principal, "personas.create");
  const { db, clock } = context;
  const warnings = await requireValidPlan(db, ownerOf(principal), request.config);
  const now = clock.now();
  const { name, description, category, config } = request;
  const row: TemplateRow = {
    id: uuidv7({ msecs: now }),
    clientId: ownerOf(principal),
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
    auditAction(context, principal, { action: "template.created", target, details: { name } }),
    ...referenceStatements(db, "template", row.id),
  ]);
  return { ...row, warnings };
}
