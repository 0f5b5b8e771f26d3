import { AppError } from "../http/app-error.ts";
import { assertPermission, type Principal } from "../identity/principal.ts";
import { referenceStatements } from "../workflow-definitions/workflow-reference-statement.ts";
import { auditAction } from "./audit-action.ts";
import type { PersonaContext } from "./create-template.ts";
import { ownTemplate } from "./own-template.ts";
import { deleteTemplateRow, isLivingTemplate } from "./template-repository.ts";

/**
 * Deletes a template softly: no new instances; those there are keep working.
 * @throws AppError `NOT_FOUND`
 */
export async function deleteTemplate(
  context: PersonaContext,
  principal: Principal,
  id: string,
): Promise<void> {
  assertPermission(principal, "personas.delete");
  const { db, clock } = context;
  await ownTemplate(db, principal, id);
  const target = { type: "template", id };
  const [, { meta }] = await db.batch([
    auditAction(context, principal, { action: "template.deleted", target }, isLivingTemplate(id)),
    deleteTemplateRow(db, id, clock.now()),
    ...referenceStatements(db, "template", id),
  ]);
  if (meta.changes === 0) throw new AppError("NOT_FOUND", { message: "No such template" });
}
