import type { Clock } from "../clock.ts";
import type { Database } from "../db/client.ts";
import { AppError } from "../http/app-error.ts";
import { type Principal, requireRole } from "../identity/principal.ts";
import { type ClientRow, insertClient } from "./client-repository.ts";
import { parseSettings } from "./parse-settings.ts";
import type { CreateClient } from "./schemas.ts";

/**
 * Makes a tenant; nobody may register in it unless its settings say so.
 * @throws AppError `CONFLICT` when the id is taken, also by one that was deactivated
 */
export async function createClient(
  { db, clock }: { db: Database; clock: Clock },
  principal: Principal,
  { client_id, display_name, settings }: CreateClient,
): Promise<ClientRow> {
  requireRole(principal, "admin");
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
  const { meta } = await insertClient(db, row);
  if (meta.changes === 0) throw new AppError("CONFLICT", { message: "There is a client with this id" });
  return row;
}
