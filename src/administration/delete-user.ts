import { AppError } from "../http/app-error.ts";
import { endAccount } from "../identity/end-account.ts";
import { type Principal, requireRole } from "../identity/principal.ts";
import { findUser } from "../identity/user-repository.ts";
import type { AdministrationContext } from "./administration-context.ts";
import { refuseOwnAccount } from "./refuse-own-account.ts";
import type { ChangedUser } from "./update-user.ts";
import { userAction } from "./user-action.ts";

const mostAttempts = 5;

/**
 * Deletes an account softly: sign-in is impossible at once, its sessions and
 * subscription end, personal data goes after the retention period.
 * @param reason why, for the audit log
 * @throws AppError `USER_NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`; `BAD_REQUEST` for one's own
 *   account; `CONFLICT` for the last active administrator's
 */
export async function deleteUser(
  { db, clock, device }: AdministrationContext,
  principal: Principal,
  userId: string,
  reason?: string,
): Promise<ChangedUser> {
  requireRole(principal, "admin");
  refuseOwnAccount(principal, userId);
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const user = await findUser(db, userId);
    if (!user) throw new AppError("USER_NOT_FOUND");
    const entry = userAction(principal, device, "user.deleted", user, { reason });
    const ended = await endAccount(db, user, entry, clock.now());
    if (ended) return { user, ended };
    const stored = await findUser(db, userId);
    if (stored?.passwordHash === user.passwordHash) {
      throw new AppError("CONFLICT", { message: "The last active administrator cannot be deleted" });
    }
  }
  throw new AppError("CONFLICT", { message: "The account is being changed by others; try again" });
}
