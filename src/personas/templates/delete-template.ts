import type { ActingContext } from "#src/audit/acting-context.ts";
import { auditAction } from "#src/audit/audit-action.ts";
import { type Account, assertPermission } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { referenceStatements } from "#src/workflow-definitions/workflow-reference-statement.ts";
import { ownTemplate } from "./own-template.ts";
import { deleteTemplateRow, isLivingTemplate } from "./template-repository.ts";

/**
 * Deletes a template softly: no new instances; those there are keep working.
 * @throws AppError `NOT_FOUND`
 */
export async function deleteTemplate(context: ActingContext, actor: Account, id: string): Promise<void> {
  assertPermission(actor, "personas.delete");
  const { db, clock } = context;
  await ownTemplate(db, actor, id);
  const target = { type: "template", id };
  const [, { meta }] = await db.batch([
    auditAction(context, actor, { action: "template.deleted", target }, isLivingTemplate(id)),
    deleteTemplateRow(db, id, clock.now()),
    ...referenceStatements(db, "template", id),
  ]);
  if (meta.changes === 0) throw new AppError("NOT_FOUND", { message: "No such template" });
}
