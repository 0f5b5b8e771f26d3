import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { columnsOf } from "#src/http/columns-of.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { mergeConfig } from "#src/kernel/merge-config.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { parseMergedConfig, requireValidPlan } from "../templates/check-config.ts";
import { findUsableTemplate } from "../templates/template-repository.ts";
import { requireProjectOf } from "./check-project.ts";
import { type InstanceRow, insertWithinQuotaStatement, isLatestInstance } from "./instance-repository.ts";
import { type CreateInstance, createInstanceSchema, instanceSchema } from "./schemas.ts";
import { viewOfInstance } from "./views.ts";

export const createInstance = operation({
  name: "createInstance",
  summary: "Make a persona instance from a template",
  description:
    "`config` is laid over the template's: objects merge key by key, everything else replaces, null removes a key.",
  input: z.object({ body: createInstanceSchema }),
  output: instanceSchema,
  refusals: ["NOT_FOUND", "WORKFLOW_INVALID", "QUOTA_EXCEEDED", "INSUFFICIENT_PERMISSIONS"],
  run: async (platform, actor, { body }) => {
    const { db, clock } = platform;
    const row = await newInstance(platform, actor, body, clock.now());
    const { id: entityId, clientId, ownerUserId, name, templateId, projectId } = row;
    const data = { instance_id: entityId, name, template_id: templateId, project_id: projectId };
    const [inserted] = await db.batch([
      insertWithinQuotaStatement(db, row),
      platform.tell(
        { clientId, event: "instance.created", entityId, ownerUserId, data },
        row.createdAt,
        isLatestInstance(row),
      ),
    ]);
    if (inserted.meta.changes > 0) return viewOfInstance(db, row);
    // The project may have been deleted meanwhile.
    if (projectId !== null) await requireProjectOf(db, row, projectId);
    throw new AppError("QUOTA_EXCEEDED", { details: { resource: "personas" } });
  },
});

/** The instance as it is to be, of an active template. */
async function newInstance(
  platform: Pick<Platform, "db" | "settings">,
  { clientId, userId: ownerUserId }: Account,
  { template_id, name, instance_name, config: own, ...fields }: CreateInstance,
  now: number,
): Promise<InstanceRow> {
  const { db } = platform;
  const template = await findUsableTemplate(db, { clientId }, template_id);
  if (!template) throw new AppError("NOT_FOUND", { message: "No such template" });
  const config = parseMergedConfig(mergeConfig(template.config, own ?? {}));
  if (own !== undefined) await requireValidPlan(platform, clientId, config);
  if (fields.project_id !== undefined)
    await requireProjectOf(db, { clientId, ownerUserId }, fields.project_id);
  return {
    id: uuidv7({ msecs: now }),
    clientId,
    ownerUserId,
    templateId: template.id,
    templateVersion: template.version,
    projectId: null,
    ...columnsOf(fields),
    name: name ?? instance_name ?? template.name,
    config,
    isActive: true,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
}
