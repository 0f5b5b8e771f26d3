import { AppError } from "../http/app-error.ts";
import { type Principal, requireRole } from "../identity/principal.ts";
import type { PersonaContext } from "./create-template.ts";
import { deleteTemplateRow } from "./template-repository.ts";

/**
 * Deletes a template softly: no new instances; those there are keep working.
 * @throws AppError `NOT_FOUND`
 */
export async function deleteTemplate(
  { db, clock }: PersonaContext,
  principal: Principal,
  id: string,
): Promise<void> {
  requireRole(principal, "admin");
  const { meta } = await deleteTemplateRow(db, id, clock.now());
  if (meta.changes === 0) throw new AppError("NOT_FOUND", { message: "No such template" });
}
