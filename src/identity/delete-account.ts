import { AppError } from "../http/app-error.ts";
import { checkOwnPassword, type OnSuspicion } from "./check-password.ts";
import type { Device } from "./device.ts";
import { endAccount } from "./end-account.ts";
import type { IdentityContext } from "./issue-tokens.ts";
import type { Principal } from "./principal.ts";
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
  principal: Principal,
  { password, reason }: { password: string; reason?: string },
  device: Device,
  onSuspicion: OnSuspicion,
): Promise<string[]> {
  const { db, clock } = context;
  const user = await checkOwnPassword(context, principal.userId, { password, device, onSuspicion });
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
