import { deletionOf } from "#src/identity/index.ts";
import type { Account } from "#src/kernel/actor.ts";
import { refuseOwnAccount } from "../access/refuse-own-account.ts";
import type { UserPlan } from "./change-users.ts";
import { userAction } from "./user-action.ts";

/**
 * The soft deletion of an account by an administrator: sign-in is impossible at once, its sessions and subscription
 * end, personal data goes after the retention period.
 * @param reason why, for the audit log
 * @throws AppError `BAD_REQUEST` for one's own account
 */
export const deletionPlan =
  (actor: Account, reason?: string): UserPlan =>
  (before, now) => {
    refuseOwnAccount(actor, before.id);
    return deletionOf(before, userAction(actor, "user.deleted", before, { reason }), now);
  };
