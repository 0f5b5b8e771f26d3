import { type Action, auditAction } from "#src/audit/audit-action.ts";
import { type Account, requirePlatform, requireRole } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { type ClientRow, insertClient, isNewClient } from "./client-repository.ts";
import { parseSettings } from "./parse-settings.ts";
import type { CreateClient } from "./schemas.ts";
import type { TenantContext } from "./update-client.ts";

/**
 * Makes a tenant; nobody may register in it unless its settings say so.
 * @throws AppError `CONFLICT` when the id is taken, also by one that was deactivated
 */
export async function createClient(
  context: Pick<TenantContext, "db" | "clock" | "device">,
  actor: Account,
  { client_id, display_name, settings }: CreateClient,
): Promise<ClientRow> {
  requireRole(actor, "admin");
  requirePlatform(actor);
  const { db, clock } = context;
  const now = clock.now();
  const row: ClientRow = {
    id: client_id,
    displayName: display_name,
    settings: parseSettings(settings),
    isActive: true,
    gatePending: false,
    createdAt: now,
    updatedAt: now,
  };
  const action: Action = {
    action: "client.created",
    target: { type: "client", id: client_id },
    clientId: client_id,
  };
  const [, { meta }] = await db.batch([
    auditAction(context, actor, action, isNewClient(client_id)),
    insertClient(db, row),
  ]);
  if (meta.changes === 0) throw new AppError("CONFLICT", { message: "There is a client with this id" });
  return row;
}
