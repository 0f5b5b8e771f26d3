import { never, previousChanged } from "../db/batch-conditions.ts";
import { AppError } from "../http/app-error.ts";
import { auditStatement } from "../identity/audit-repository.ts";
import { type Principal, requireRole } from "../identity/principal.ts";
import { revokeSessionsOf } from "../identity/session-repository.ts";
import { findUser, type UserRow } from "../identity/user-repository.ts";
import { subscriptionEvent, userEvent } from "../identity/user-traces.ts";
import { outboxStatement } from "../realtime/event-outbox.ts";
import { followTier, updateUserRow } from "./administered-user-repository.ts";
import type { AdministrationContext } from "./administration-context.ts";
import { refuseOwnAccount } from "./refuse-own-account.ts";
import type { UpdateUser } from "./schemas.ts";
import { userAction } from "./user-action.ts";

const mostAttempts = 5;

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

/** A changed account and the sessions that ended with the change. */
export interface ChangedUser {
  user: UserRow;
  ended: string[];
}

/**
 * Changes an account; what is left out stays. The subscription follows the tier;
 * sessions end with another role and with deactivation.
 * @param reason why, for the audit log
 * @throws AppError `USER_NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`; `BAD_REQUEST` for one's own role or
 *   activity; `CONFLICT` when no active administrator would remain
 */
export async function updateUser(
  { db, clock, device }: AdministrationContext,
  principal: Principal,
  userId: string,
  { role, subscription_tier, is_active, email_verified }: UpdateUser,
  reason?: string,
): Promise<ChangedUser> {
  requireRole(principal, "admin");
  if (role !== undefined || is_active !== undefined) refuseOwnAccount(principal, userId);
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const before = await findUser(db, userId);
    if (!before) throw new AppError("USER_NOT_FOUND");
    const now = clock.now();
    const after: UserRow = {
      ...before,
      role: role ?? before.role,
      tier: subscription_tier ?? before.tier,
      isActive: is_active ?? before.isActive,
      emailVerified: email_verified ?? before.emailVerified,
      updatedAt: now,
    };
    const changed = differences(before, after);
    if (Object.keys(changed).length === 0) return { user: before, ended: [] };
    const endsSessions = "role" in changed || (before.isActive && !after.isActive);
    const entry = userAction(principal, device, "user.updated", before, { changed, reason });
    const followed = subscriptionEvent("subscription.updated", before, { tier: after.tier });
    // `previousChanged` looks one statement back: each insert hands it on to the next.
    const [{ meta }, , , ended] = await db.batch([
      updateUserRow(db, before, after),
      auditStatement(db, entry, now, previousChanged),
      outboxStatement(db, userEvent("user.updated", before, { changed }), now, previousChanged),
      revokeSessionsOf(db, userId, now, undefined, endsSessions ? previousChanged : never),
      followTier(db, userId, now, "subscription_tier" in changed ? undefined : never),
      outboxStatement(db, followed, now, previousChanged),
    ]);
    if (meta.changes > 0) return { user: after, ended: ended.map(({ id }) => id) };
    const stored = await findUser(db, userId);
    if (stored && Object.keys(differences(before, stored)).length === 0) {
      throw new AppError("CONFLICT", { message: "The last active administrator has to remain one" });
    }
  }
  throw new AppError("CONFLICT", { message: "The account is being changed by others; try again" });
}
