import type { AuditEntry } from "#src/audit/audit-repository.ts";
import type { Database } from "#src/db/client.ts";
import { deletionOf } from "./user-change.ts";
import { applyUserChanges } from "./user-change-repository.ts";
import type { UserRow } from "./user-repository.ts";

/**
 * Deletes an account softly, in one batch: sign-in is impossible, its sessions and
 * its subscription end, and it is told and remembered. Nothing happens to the last
 * active administrator's account, nor when the password is no longer the one it was read with.
 * @returns the sessions that ended; undefined when nothing happened
 */
export async function endAccount(
  db: Database,
  user: UserRow,
  entry: AuditEntry,
  now: number,
): Promise<string[] | undefined> {
  const change = { ...deletionOf(user, entry, now), needsPassword: true };
  return (await applyUserChanges(db, [change], now)).get(user.id);
}
