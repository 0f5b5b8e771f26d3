import type { ActingContext } from "#src/audit/acting-context.ts";
import { auditAction } from "#src/audit/audit-action.ts";
import { type Account, assertPermission } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { referenceStatements } from "#src/workflow-definitions/workflow-reference-statement.ts";
import type { UpdateTemplate } from "../schemas.ts";
import { requireValidPlan } from "./check-config.ts";
import type { SavedTemplate } from "./create-template.ts";
import { ownTemplate } from "./own-template.ts";
import { isLatestTemplate, nextVersionStatements, type TemplateRow } from "./template-repository.ts";

const maxAttempts = 5;

/**
 * Makes the next version of a template; fields left out stay, `config` is replaced
 * as a whole. Instances and runs keep the config they were made with.
 * @throws AppError `NOT_FOUND`; `WORKFLOW_INVALID`; `CONFLICT` when others keep changing it
 */
export async function updateTemplate(
  context: ActingContext,
  actor: Account,
  id: string,
  request: UpdateTemplate,
): Promise<SavedTemplate> {
  assertPermission(actor, "personas.create");
  const { db, clock } = context;
  const { is_active, ...fields } = request;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const before = await ownTemplate(db, actor, id);
    const warnings =
      fields.config === undefined ? [] : await requireValidPlan(db, before.clientId, fields.config);
    const after: TemplateRow = {
      ...before,
      ...fields,
      isActive: is_active ?? before.isActive,
      version: before.version + 1,
      updatedAt: clock.now(),
    };
    const details = { version: after.version, changed: Object.keys(request) };
    const [, , { meta }] = await db.batch([
      auditAction(
        context,
        actor,
        { action: "template.updated", target: { type: "template", id }, details },
        isLatestTemplate(before),
      ),
      ...nextVersionStatements(db, before, after),
      ...referenceStatements(db, "template", id),
    ]);
    if (meta.changes > 0) return { ...after, warnings };
  }
  throw new AppError("CONFLICT", { message: "The template is being changed by others; try again" });
}
