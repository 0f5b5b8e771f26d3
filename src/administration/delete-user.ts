import type { Device } from "../identity/device.ts";
import type { Principal } from "../identity/principal.ts";
import { deletionOf } from "../identity/user-change.ts";
import type { AdministrationContext } from "./administration-context.ts";
import { type ChangedUser, changeUser, type UserPlan } from "./change-users.ts";
import { refuseOwnAccount } from "./refuse-own-account.ts";
import { requireAdministeringUsers } from "./rights.ts";
import { userAction } from "./user-action.ts";

/**
 * The soft deletion of an account by an administrator.
 * @param reason why, for the audit log
 * @throws AppError `BAD_REQUEST` for one's own account
 */
export const deletionPlan =
  (principal: Principal, device: Device, reason?: string): UserPlan =>
  (before, now) => {
    refuseOwnAccount(principal, before.id);
    return deletionOf(before, userAction(principal, device, "user.deleted", before, { reason }), now);
  };

/**
 * Deletes an account softly: sign-in is impossible at once, its sessions and
 * subscription end, personal data goes after the retention period.
 * @throws AppError `USER_NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`; `BAD_REQUEST` for one's own
 *   account; `CONFLICT` for the last active administrator's
 */
export async function deleteUser(
  context: AdministrationContext,
  principal: Principal,
  userId: string,
): Promise<ChangedUser> {
  requireAdministeringUsers(principal);
  return changeUser(context, principal, userId, deletionPlan(principal, context.device));
}
