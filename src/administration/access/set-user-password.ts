import { setPassword } from "#src/identity/passwords/set-password.ts";
import type { Account } from "#src/kernel/actor.ts";
import type { AdministrationContext } from "../administration-context.ts";
import type { SetUserPassword } from "../schemas.ts";
import type { ChangedUser } from "../users/change-users.ts";
import { userBelow } from "../users/user-within.ts";
import { refuseOwnAccount } from "./refuse-own-account.ts";
import { requireAdministeringUsers } from "./rights.ts";

/**
 * Gives somebody's account a new password; its sessions end. With `require_change`
 * the next sign-in only leads to choosing another one. One's own password is
 * changed where the current one is asked for.
 * @throws AppError `USER_NOT_FOUND`; `BAD_REQUEST` for one's own account;
 *   `VALIDATION_ERROR`; `CONFLICT` when it was changed meanwhile; `INSUFFICIENT_PERMISSIONS`
 */
export async function setUserPassword(
  context: AdministrationContext,
  actor: Account,
  userId: string,
  { new_password, require_change }: SetUserPassword,
): Promise<ChangedUser> {
  requireAdministeringUsers(actor);
  refuseOwnAccount(actor, userId);
  const user = await userBelow(context.db, actor, userId);
  const ended = await setPassword(context, user, {
    password: new_password,
    action: "user.password_set",
    device: context.device,
    actorId: actor.userId,
    mustChange: require_change,
  });
  return { user, ended };
}
