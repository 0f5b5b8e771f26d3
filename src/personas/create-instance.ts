import { v7 as uuidv7 } from "uuid";
import { AppError } from "../http/app-error.ts";
import type { Principal } from "../identity/principal.ts";
import { outboxStatement } from "../realtime/event-outbox.ts";
import { parseMergedConfig, requireValidPlan } from "./check-config.ts";
import { requireProjectOf } from "./check-project.ts";
import type { PersonaContext } from "./create-template.ts";
import { type InstanceRow, insertWithinQuotaStatement, isLatestInstance } from "./instance-repository.ts";
import { mergeConfig } from "./merge-config.ts";
import type { CreateInstance } from "./schemas.ts";
import { findUsableTemplate } from "./template-repository.ts";

/**
 * Makes a persona instance of an active template for the caller.
 * @throws AppError `NOT_FOUND` no such template; `WORKFLOW_INVALID`; `QUOTA_EXCEEDED`; as `requireProjectOf`
 */
export async function createInstance(
  { db, clock }: PersonaContext,
  principal: Principal,
  request: CreateInstance,
): Promise<InstanceRow> {
  const template = await findUsableTemplate(db, principal, request.template_id);
  if (!template) throw new AppError("NOT_FOUND", { message: "No such template" });
  const config = parseMergedConfig(mergeConfig(template.config, request.config ?? {}));
  if (request.config !== undefined) await requireValidPlan(db, principal.clientId, config);
  const { clientId, userId: ownerUserId } = principal;
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
