import type { Database } from "#src/db/client.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { requireOwner } from "#src/tenants/index.ts";
import { findWorkflow, type WorkflowRow } from "./workflow-repository.ts";

/**
 * A definition that the caller can change, by id or name.
 * @throws AppError `NOT_FOUND`; `INSUFFICIENT_PERMISSIONS` for the platform's
 */
export async function changeableWorkflow(
  db: Database,
  actor: Account,
  idOrName: string,
): Promise<WorkflowRow> {
  const row = await findWorkflow(db, actor, idOrName);
  if (!row) throw new AppError("NOT_FOUND", { message: "No such workflow" });
  requireOwner(actor, row.clientId);
  return row;
}
