import { AppError } from "../http/app-error.ts";
import { type Principal, requireRole } from "../identity/principal.ts";
import { auditAction } from "../personas/audit-action.ts";
import type { PersonaContext } from "../personas/create-template.ts";
import { requireOwner } from "../tenants/ownership.ts";
import { referenceStatements } from "./workflow-reference-statement.ts";
import { deleteUnusedWorkflow, findWorkflow, isUnusedWorkflow, referencesTo } from "./workflow-repository.ts";

/** How many of those that name a workflow a refusal tells. */
const mostTold = 20;

/**
 * Deletes a definition softly; its name is free again. Runs that have started keep it.
 * @throws AppError `NOT_FOUND`; `CONFLICT` naming the templates and workflows that refer to it
 */
export async function deleteWorkflow(
  context: PersonaContext,
  principal: Principal,
  idOrName: string,
): Promise<void> {
  requireRole(principal, "admin");
  const { db, clock } = context;
  const row = await findWorkflow(db, principal, idOrName);
  if (!row) throw new AppError("NOT_FOUND", { message: "No such workflow" });
  requireOwner(principal, row.clientId);
  const { id, name } = row;
  const [, { meta }] = await db.batch([
    auditAction(
      context,
      principal,
      { action: "workflow.deleted", target: { type: "workflow", id }, details: { name } },
      isUnusedWorkflow(row),
    ),
    deleteUnusedWorkflow(db, row, clock.now()),
    ...referenceStatements(db, "workflow", id),
  ]);
  if (meta.changes > 0) return;
  const referrers = await referencesTo(db, row, mostTold);
  if (referrers.length === 0) throw new AppError("NOT_FOUND", { message: "No such workflow" });
  throw new AppError("CONFLICT", {
    message: "Templates or workflows refer to this workflow; switch it off or change them first",
    details: {
      referrers: referrers.map(({ referrerType, referrerId }) => ({ type: referrerType, id: referrerId })),
    },
  });
}
