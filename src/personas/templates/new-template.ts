import type { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { auditAction } from "#src/audit/index.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import type { Account } from "#src/kernel/actor.ts";
import type { Platform } from "#src/platform.ts";
import { ownerOf } from "#src/tenants/index.ts";
import { referenceStatements } from "#src/workflow-definitions/index.ts";
import { requireValidPlan } from "./check-config.ts";
import type { CreateTemplate, savedTemplateSchema } from "./schemas.ts";
import { newTemplateStatements, type TemplateRow } from "./template-repository.ts";
import { savedTemplateView } from "./views.ts";

/**
 * Writes a template, version 1, whose fields have been checked.
 * @throws AppError `WORKFLOW_INVALID` with every problem of its plan
 */
export async function newTemplate(
  platform: Pick<Platform, "db" | "clock" | "settings">,
  actor: Account,
  fields: CreateTemplate,
): Promise<z.infer<typeof savedTemplateSchema>> {
  const { db, clock } = platform;
  const clientId = ownerOf(actor);
  const warnings = await requireValidPlan(platform, clientId, fields.config);
  const now = clock.now();
  const row: TemplateRow = {
    id: uuidv7({ msecs: now }),
    clientId,
    ...columnsOf(fields),
    version: 1,
    isActive: true,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  const target = { type: "template", id: row.id };
  await db.batch([
    ...newTemplateStatements(db, row),
    auditAction(platform, actor, { action: "template.created", target, details: { name: row.name } }),
    ...referenceStatements(db, "template", row.id),
  ]);
  return savedTemplateView(row, warnings);
}
