import type { Database } from "#src/db/client.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { requireOwner } from "#src/tenants/index.ts";
import { findTemplate, type TemplateRow } from "./template-repository.ts";

/**
 * A template that the caller administers.
 * @throws AppError `NOT_FOUND`, also for another tenant's; `INSUFFICIENT_PERMISSIONS` for the platform's
 */
export async function ownTemplate(db: Database, actor: Account, id: string): Promise<TemplateRow> {
  const row = await findTemplate(db, actor, id);
  if (!row) throw new AppError("NOT_FOUND", { message: "No such template" });
  requireOwner(actor, row.clientId);
  return row;
}
