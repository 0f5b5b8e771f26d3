import { v7 as uuidv7 } from "uuid";
import { AppError } from "../http/app-error.ts";
import { validationError } from "../http/error-response.ts";
import type { Principal } from "../identity/principal.ts";
import { validatePlan } from "../workflows/validate-plan.ts";
import { activeAgents, routableBy } from "./agent-definition-repository.ts";
import type { PersonaContext } from "./create-template.ts";
import { type InstanceRow, insertWithinQuota } from "./instance-repository.ts";
import { mergeConfig } from "./merge-config.ts";
import { type CreateInstance, personaConfigSchema } from "./schemas.ts";
import { findActiveTemplate } from "./template-repository.ts";

/**
 * Makes a persona instance of an active template for the caller.
 * @throws AppError `NOT_FOUND` no such template; `WORKFLOW_INVALID`; `QUOTA_EXCEEDED`
 */
export async function createInstance(
  { db, clock }: PersonaContext,
  principal: Principal,
  request: CreateInstance,
): Promise<InstanceRow> {
  const template = await findActiveTemplate(db, request.template_id);
  if (!template) throw new AppError("NOT_FOUND", { message: "No such template" });
  const merged = personaConfigSchema.safeParse(mergeConfig(template.config, request.config ?? {}));
  if (!merged.success)
    throw validationError(
      merged.error.issues.map((issue) => ({ ...issue, path: ["config", ...issue.path] })),
    );
  if (request.config?.workflow !== undefined) {
    const { data: config } = merged;
    const report = validatePlan(config.workflow, { config, isRoutable: routableBy(await activeAgents(db)) });
    if (!report.valid) throw new AppError("WORKFLOW_INVALID", { details: { errors: report.errors } });
  }
  const now = clock.now();
  const row: InstanceRow = {
    id: uuidv7({ msecs: now }),
    clientId: principal.clientId,
    ownerUserId: principal.userId,
    templateId: template.id,
    templateVersion: template.version,
    projectId: request.project_id ?? null,
    name: request.name ?? request.instance_name ?? template.name,
    config: merged.data,
    isActive: true,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  if (!(await insertWithinQuota(db, row)))
    throw new AppError("QUOTA_EXCEEDED", { details: { resource: "personas" } });
  return row;
}
