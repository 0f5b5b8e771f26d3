import type { Database } from "#src/db/client.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { requireOwner } from "#src/tenants/index.ts";
import { type AgentDefinitionRow, findDefinition } from "./agent-definition-repository.ts";

export const noSuchDefinition = (): AppError =>
  new AppError("NOT_FOUND", { message: "No such agent definition" });

/**
 * An agent definition that the caller can read, by id or type.
 * @throws AppError `NOT_FOUND`
 */
export async function readableDefinition(
  db: Database,
  actor: Account,
  idOrType: string,
): Promise<AgentDefinitionRow> {
  const row = await findDefinition(db, actor, idOrType);
  if (!row) throw noSuchDefinition();
  return row;
}

/**
 * An agent definition that the caller can change, by id or type.
 * @throws AppError `NOT_FOUND`; `INSUFFICIENT_PERMISSIONS` for the platform's
 */
export async function changeableDefinition(
  db: Database,
  actor: Account,
  idOrType: string,
): Promise<AgentDefinitionRow> {
  const row = await readableDefinition(db, actor, idOrType);
  requireOwner(actor, row.clientId);
  return row;
}
