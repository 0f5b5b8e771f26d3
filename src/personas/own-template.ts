import type { Database } from "../db/client.ts";
import { AppError } from "../http/app-error.ts";
import type { Principal } from "../identity/principal.ts";
import { requireOwner } from "../tenants/ownership.ts";
import { findTemplate, type TemplateRow } from "./template-repository.ts";

/**
 * A template that the caller administers.
 * @throws AppError `NOT_FOUND`, also for another tenant's; `INSUFFICIENT_PERMISSIONS` for the platform's
 */
export async function ownTemplate(db: Database, principal: Principal, id: string): Promise<TemplateRow> {
  const row = await findTemplate(db, principal, id);
  if (!row) throw new AppError("NOT_FOUND", { message: "No such template" });
  requireOwner(principal, row.clientId);
  return row;
}
