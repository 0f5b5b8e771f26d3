import { v7 as uuidv7 } from "uuid";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/client.ts";
import { AppError } from "../http/app-error.ts";
import { type Principal, requireRole } from "../identity/principal.ts";
import { validatePlan } from "../workflows/validate-plan.ts";
import { activeAgents, routableBy } from "./agent-definition-repository.ts";
import type { CreateTemplate } from "./schemas.ts";
import { newTemplateStatements, type TemplateRow } from "./template-repository.ts";

export interface PersonaContext {
  db: Database;
  clock: Clock;
}

/**
 * Makes a template, version 1.
 * @throws AppError `WORKFLOW_INVALID` with every problem of its plan
 */
export async function createTemplate(
  { db, clock }: PersonaContext,
  principal: Principal,
  request: CreateTemplate,
): Promise<TemplateRow> {
  requireRole(principal, "admin");
  const { name, description, category, config } = request;
  const agents = await activeAgents(db);
  const report = validatePlan(config.workflow, { config, isRoutable: routableBy(agents) });
  if (!report.valid) {
    throw new AppError("WORKFLOW_INVALID", { details: { errors: report.errors, warnings: report.warnings } });
  }
  const now = clock.now();
  const row = {
    id: uuidv7({ msecs: now }),
    name,
    description,
    category,
    version: 1,
    config,
    isActive: true,
    createdAt: now,
    updatedAt: now,
  };
  await db.batch(newTemplateStatements(db, row));
  return row;
}
