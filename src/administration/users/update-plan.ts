import { type UserRow, userEvent } from "#src/identity/index.ts";
import { type Account, requireRole } from "#src/kernel/actor.ts";
import { policies } from "#src/operation/policy.ts";
import { admit } from "#src/operation/rights.ts";
import { refuseOwnAccount } from "../access/refuse-own-account.ts";
import type { UserPlan } from "./change-users.ts";
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
 * @throws AppError `BAD_REQUEST` for one's own role or activity; `INSUFFICIENT_PERMISSIONS` for a role by who is no
 *   administrator, and for a tier by who may not change subscriptions
 */
export const updatePlan =
  (
    actor: Account,
    { role, subscription_tier, is_active, email_verified }: UpdateUser,
    reason?: string,
  ): UserPlan =>
  (before, now) => {
    if (role !== undefined || is_active !== undefined) refuseOwnAccount(actor, before.id);
    // Roles are what administrators decide: a role is more than any permission.
    if (role !== undefined && role !== before.role) requireRole(actor, "admin");
    // A tier is a subscription.
    if (subscription_tier !== undefined && subscription_tier !== before.tier)
      admit(actor, policies.updateSubscription);
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
      entry: userAction(actor, "user.updated", before, { changed, reason }),
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
