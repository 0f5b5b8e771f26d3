import { v7 as uuidv7 } from "uuid";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/client.ts";
import { type Principal, requireRole } from "../identity/principal.ts";
import { requireValidPlan } from "./check-config.ts";
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
  await requireValidPlan(db, request.config);
  const now = clock.now();
  const { name, description, category, config } = request;
  const row: TemplateRow = {
    id: uuidv7({ msecs: now }),
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
  await db.batch(newTemplateStatements(db, row));
  return row;
}
