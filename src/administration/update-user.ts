import type { Device } from "../identity/device.ts";
import { assertPermission, type Principal, requireRole } from "../identity/principal.ts";
import type { UserRow } from "../identity/user-repository.ts";
import { userEvent } from "../identity/user-traces.ts";
import { subscriptionPermission } from "../subscriptions/subscription-administration.ts";
import type { AdministrationContext } from "./administration-context.ts";
import { type ChangedUser, changeUser, type UserPlan } from "./change-users.ts";
import { refuseOwnAccount } from "./refuse-own-account.ts";
import { requireAdministeringUsers } from "./rights.ts";
import type { UpdateUser } from "./schemas.ts";
import { userAction } from "./user-action.ts";

const wireNames = {
  role: "role",
  tier: "subscription_tier",
  isActive: "is_active",
  emailVerified: "email_verified",
} as const;

type Changed = Record<string, { from: unknown; to: unknown }>;

/** What differs, by its name on the wire. */
const differences = (before: UserRow, after: UserRow): Changed =>
  Object.fromEntries(
    (["role", "tier", "isActive", "emailVerified"] as const)
      .filter((field) => before[field] !== after[field])
      .map((field) => [wireNames[field], { from: before[field], to: after[field] }]),
  );

/**
 * The change of an account by an administrator; what is left out stays. The
 * subscription follows the tier; sessions end with another role and with deactivation.
 * @param reason why, for the audit log
 * @throws AppError `BAD_REQUEST` for one's own role or activity
 */
export const updatePlan =
  (
    principal: Principal,
    device: Device,
    { role, subscription_tier, is_active, email_verified }: UpdateUser,
    reason?: string,
  ): UserPlan =>
  (before, now) => {
    if (role !== undefined || is_active !== undefined) refuseOwnAccount(principal, before.id);
    // Roles are what administrators decide: a role is more than any permission.
    if (role !== undefined && role !== before.role) requireRole(principal, "admin");
    // A tier is a subscription.
    if (subscription_tier !== undefined && subscription_tier !== before.tier)
      assertPermission(principal, subscriptionPermission);
    const after: UserRow = {
      ...before,
      role: role ?? before.role,
      tier: subscription_tier ?? before.tier,
      isActive: is_active ?? before.isActive,
      emailVerified: email_verified ?? before.emailVerified,
      updatedAt: now,
    };
    const changed = differences(before, after);
    if (Object.keys(changed).length === 0) return undefined;
    return {
      before,
      after,
      entry: userAction(principal, device, "user.updated", before, { changed, reason }),
      event: userEvent(before, { event: "user.updated", data: { user_id: before.id, changed } }),
      ...("subscription_tier" in changed && {
        subscription: userEvent(before, {
          event: "subscription.updated",
          data: { user_id: before.id, tier: after.tier },
        }),
      }),
      endsSessions: "role" in changed || (before.isActive && !after.isActive),
    };
  };

/**
 * Changes an account by `updatePlan`.
 * @throws AppError `USER_NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`; `BAD_REQUEST` for one's own role or
 *   activity; `CONFLICT` when no active administrator would remain
 */
export async function updateUser(
  context: AdministrationContext,
  principal: Principal,
  userId: string,
  change: UpdateUser,
): Promise<ChangedUser> {
  requireAdministeringUsers(principal);
  return changeUser(context, principal, userId, updatePlan(principal, context.device, change));
}
