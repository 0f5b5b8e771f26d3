import { deletionOf } from "#src/identity/accounts/user-change.ts";
import type { Account } from "#src/kernel/actor.ts";
import type { Device } from "#src/kernel/device.ts";
import { refuseOwnAccount } from "../access/refuse-own-account.ts";
import { requireAdministeringUsers } from "../access/rights.ts";
import type { AdministrationContext } from "../administration-context.ts";
import { type ChangedUser, changeUser, type UserPlan } from "./change-users.ts";
import { userAction } from "./user-action.ts";

/**
 * The soft deletion of an account by an administrator.
 * @param reason why, for the audit log
 * @throws AppError `BAD_REQUEST` for one's own account
 */
export const deletionPlan =
  (actor: Account, device: Device, reason?: string): UserPlan =>
  (before, now) => {
    refuseOwnAccount(actor, before.id);
    return deletionOf(before, userAction(actor, device, "user.deleted", before, { reason }), now);
  };

/**
 * Deletes an account softly: sign-in is impossible at once, its sessions and
 * subscription end, personal data goes after the retention period.
 * @throws AppError `USER_NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`; `BAD_REQUEST` for one's own
 *   account; `CONFLICT` for the last active administrator's
 */
export async function deleteUser(
  context: AdministrationContext,
  actor: Account,
  userId: string,
): Promise<ChangedUser> {
  requireAdministeringUsers(actor);
  return changeUser(context, actor, userId, deletionPlan(actor, context.device));
}
