import { v7 as uuidv7 } from "uuid";
import type { ActingContext } from "#src/audit/acting-context.ts";
import { outboxStatement } from "#src/events/event-outbox.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { mergeConfig } from "#src/kernel/merge-config.ts";
import type { CreateInstance } from "../schemas.ts";
import { parseMergedConfig, requireValidPlan } from "../templates/check-config.ts";
import { findUsableTemplate } from "../templates/template-repository.ts";
import { requireProjectOf } from "./check-project.ts";
import { type InstanceRow, insertWithinQuotaStatement, isLatestInstance } from "./instance-repository.ts";

/**
 * Makes a persona instance of an active template for the caller.
 * @throws AppError `NOT_FOUND` no such template; `WORKFLOW_INVALID`; `QUOTA_EXCEEDED`; as `requireProjectOf`
 */
export async function createInstance(
  { db, clock }: ActingContext,
  actor: Account,
  request: CreateInstance,
): Promise<InstanceRow> {
  const template = await findUsableTemplate(db, actor, request.template_id);
  if (!template) throw new AppError("NOT_FOUND", { message: "No such template" });
  const config = parseMergedConfig(mergeConfig(template.config, request.config ?? {}));
  if (request.config !== undefined) await requireValidPlan(db, actor.clientId, config);
  const { clientId, userId: ownerUserId } = actor;
  if (request.project_id !== undefined)
    await requireProjectOf(db, { clientId, ownerUserId }, request.project_id);
  const now = clock.now();
  const row: InstanceRow = {
    id: uuidv7({ msecs: now }),
    clientId,
    ownerUserId,
    templateId: template.id,
    templateVersion: template.version,
    projectId: request.project_id ?? null,
    name: request.name ?? request.instance_name ?? template.name,
    config,
    isActive: true,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  const data = { instance_id: row.id, name: row.name, template_id: template.id, project_id: row.projectId };
  const entityId = row.id;
  const [inserted] = await db.batch([
    insertWithinQuotaStatement(db, row),
    outboxStatement(
      db,
      { clientId, event: "instance.created", entityId, ownerUserId, data },
      now,
      isLatestInstance(row),
    ),
  ]);
  if (inserted.meta.changes > 0) return row;
  // The project may have been deleted meanwhile.
  if (row.projectId !== null) await requireProjectOf(db, row, row.projectId);
  throw new AppError("QUOTA_EXCEEDED", { details: { resource: "personas" } });
}
