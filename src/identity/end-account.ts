import { previousChanged } from "../db/batch-conditions.ts";
import type { Database } from "../db/client.ts";
import { outboxStatement } from "../realtime/event-outbox.ts";
import { type AuditEntry, auditStatement } from "./audit-repository.ts";
import { deleteUserStatements, isDeleted } from "./deleted-user-repository.ts";
import { revokeSessionsOf } from "./session-repository.ts";
import type { UserRow } from "./user-repository.ts";
import { subscriptionEvent, userEvent } from "./user-traces.ts";

/**
 * Deletes an account softly, in one batch: sign-in is impossible, its sessions and
 * its subscription end, and it is told and remembered. Nothing happens to the last
 * administrator's account, nor when the password is no longer the one it was read with.
 * @returns the sessions that ended; undefined when nothing happened
 */
export async function endAccount(
  db: Database,
  user: UserRow,
  entry: AuditEntry,
  now: number,
): Promise<string[] | undefined> {
  const [deletion, cancellation] = deleteUserStatements(db, user, now);
  // `previousChanged` looks one statement back: each insert hands it on to the next.
  const [{ meta }, , , , , ended] = await db.batch([
    deletion,
    auditStatement(db, entry, now, previousChanged),
    outboxStatement(db, userEvent("user.deleted", user), now, previousChanged),
    cancellation,
    outboxStatement(
      db,
      subscriptionEvent("subscription.cancelled", user, { status: "canceled" }),
      now,
      previousChanged,
    ),
    revokeSessionsOf(db, user.id, now, undefined, isDeleted(user.id)),
  ]);
  return meta.changes > 0 ? ended.map(({ id }) => id) : undefined;
}
