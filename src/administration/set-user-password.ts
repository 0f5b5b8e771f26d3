import type { Principal } from "../identity/principal.ts";
import { setPassword } from "../identity/set-password.ts";
import type { AdministrationContext } from "./administration-context.ts";
import type { ChangedUser } from "./change-users.ts";
import { refuseOwnAccount } from "./refuse-own-account.ts";
import { requireAdministeringUsers } from "./rights.ts";
import type { SetUserPassword } from "./schemas.ts";
import { userBelow } from "./user-within.ts";

/**
 * Gives somebody's account a new password; its sessions end. With `require_change`
 * the next sign-in only leads to choosing another one. One's own password is
 * changed where the current one is asked for.
 * @throws AppError `USER_NOT_FOUND`; `BAD_REQUEST` for one's own account;
 *   `VALIDATION_ERROR`; `CONFLICT` when it was changed meanwhile; `INSUFFICIENT_PERMISSIONS`
 */
export async function setUserPassword(
  context: AdministrationContext,
  principal: Principal,
  userId: string,
  { new_password, require_change }: SetUserPassword,
): Promise<ChangedUser> {
  requireAdministeringUsers(principal);
  refuseOwnAccount(principal, userId);
  const user = await userBelow(context.db, principal, userId);
  const ended = await setPassword(context, user, {
    password: new_password,
    action: "user.password_set",
    device: context.device,
    actorId: principal.userId,
    mustChange: require_change,
  });
  return { user, ended };
}
