import type { ActingContext } from "#src/audit/acting-context.ts";
import { auditAction } from "#src/audit/audit-action.ts";
import { type Account, requireRole } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { requireOwner } from "#src/tenants/ownership.ts";
import { referenceStatements } from "./workflow-reference-statement.ts";
import { deleteUnusedWorkflow, findWorkflow, isUnusedWorkflow, referencesTo } from "./workflow-repository.ts";

/** How many of those that name a workflow a refusal tells. */
const maxTold = 20;

/**
 * Deletes a definition softly; its name is free again. Runs that have started keep it.
 * @throws AppError `NOT_FOUND`; `CONFLICT` naming the templates and workflows that refer to it
 */
export async function deleteWorkflow(
  context: ActingContext,
  actor: Account,
  idOrName: string,
): Promise<void> {
  requireRole(actor, "admin");
  const { db, clock } = context;
  const row = await findWorkflow(db, actor, idOrName);
  if (!row) throw new AppError("NOT_FOUND", { message: "No such workflow" });
  requireOwner(actor, row.clientId);
  const { id, name } = row;
  const [, { meta }] = await db.batch([
    auditAction(
      context,
      actor,
      { action: "workflow.deleted", target: { type: "workflow", id }, details: { name } },
      isUnusedWorkflow(row),
    ),
    deleteUnusedWorkflow(db, row, clock.now()),
    ...referenceStatements(db, "workflow", id),
  ]);
  if (meta.changes > 0) return;
  const referrers = await referencesTo(db, row, maxTold);
  if (referrers.length === 0) throw new AppError("NOT_FOUND", { message: "No such workflow" });
  throw new AppError("CONFLICT", {
    message: "Templates or workflows refer to this workflow; switch it off or change them first",
    details: {
      referrers: referrers.map(({ referrerType, referrerId }) => ({ type: referrerType, id: referrerId })),
    },
  });
}
