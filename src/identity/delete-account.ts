import { previousChanged } from "../db/batch-conditions.ts";
import { AppError } from "../http/app-error.ts";
import { outboxStatement } from "../realtime/event-outbox.ts";
import { auditStatement } from "./audit-repository.ts";
import { checkPassword, type OnSuspicion } from "./check-password.ts";
import type { Device } from "./device.ts";
import type { IdentityContext } from "./issue-tokens.ts";
import type { Principal } from "./principal.ts";
import { revokeSessionsOf } from "./session-repository.ts";
import { deleteUserStatements, findUser } from "./user-repository.ts";
import { ownAction, subscriptionEvent, userEvent } from "./user-traces.ts";

/**
 * Deletes one's own account: sign-in is impossible at once, every session ends,
 * personal data goes after the retention period (`scrubDeletedUsers`).
 * @returns the sessions that ended
 * @throws AppError as `checkPassword`; `CONFLICT` for the last administrator's account
 */
export async function deleteAccount(
  context: IdentityContext,
  principal: Principal,
  { password, reason }: { password: string; reason?: string },
  device: Device,
  onSuspicion: OnSuspicion,
): Promise<string[]> {
  const { db, clock } = context;
  const { user } = await checkPassword(context, { email: principal.email, password, device, onSuspicion });
  if (user.id !== principal.userId) throw new AppError("INVALID_CREDENTIALS");
  const now = clock.now();
  const [deletion, cancellation] = deleteUserStatements(db, user, now);
  const entry = ownAction("user.deleted", user, device, { ...(reason ? { reason } : {}) });
  const [{ meta }, , , ended] = await db.batch([
    deletion,
    auditStatement(db, entry, now, previousChanged),
    outboxStatement(db, userEvent("user.deleted", user), now, previousChanged),
    revokeSessionsOf(db, user.id, now, undefined, previousChanged),
    cancellation,
    outboxStatement(
      db,
      subscriptionEvent("subscription.cancelled", user, { status: "canceled" }),
      now,
      previousChanged,
    ),
  ]);
  if (meta.changes > 0) return ended.map(({ id }) => id);
  const stillThere = await findUser(db, user.id);
  throw new AppError("CONFLICT", {
    message:
      stillThere?.role === "admin"
        ? "The last administrator's account cannot be deleted"
        : "The account was changed by somebody else",
  });
}
