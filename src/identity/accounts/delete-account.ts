import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Device } from "#src/kernel/device.ts";
import { checkOwnPassword, type OnSuspicion } from "../passwords/check-password.ts";
import type { IdentityContext } from "../sessions/issue-tokens.ts";
import { endAccount } from "./end-account.ts";
import { findUser } from "./user-repository.ts";
import { ownAction } from "./user-traces.ts";

/**
 * Deletes one's own account: sign-in is impossible at once, every session ends,
 * the address is free again, personal data goes after the retention period
 * (`scrubDeletedUsers`). What the account still executes is the caller's to stop.
 * @returns the sessions that ended
 * @throws AppError as `checkOwnPassword`; `CONFLICT` for the last administrator's account
 */
export async function deleteAccount(
  context: IdentityContext,
  actor: Account,
  { password, reason }: { password: string; reason?: string },
  device: Device,
  onSuspicion: OnSuspicion,
): Promise<string[]> {
  const { db, clock } = context;
  const user = await checkOwnPassword(context, actor.userId, { password, device, onSuspicion });
  const entry = ownAction("user.deleted", user, device, reason ? { reason } : {});
  const ended = await endAccount(db, user, entry, clock.now());
  if (ended) return ended;
  const stored = await findUser(db, user.id);
  const isUnchanged = stored?.passwordHash === user.passwordHash;
  throw new AppError("CONFLICT", {
    message: isUnchanged
      ? "The last administrator's account cannot be deleted"
      : "The account was changed by somebody else",
  });
}
