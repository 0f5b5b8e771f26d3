import {
  applyUserChanges,
  findUsers,
  isUnchanged,
  type UserChange,
  type UserRow,
} from "#src/identity/index.ts";
import { type Account, reaches } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { grantsOf } from "../access/permission-repository.ts";
import { refuseAbove } from "../access/refuse-above.ts";

const maxAttempts = 5;

/** A changed account and the sessions that ended with the change. */
export interface ChangedUser {
  user: UserRow;
  ended: string[];
}

/**
 * What is to become of an account; undefined when it is so already.
 * @throws AppError when it is refused
 */
export type UserPlan = (before: UserRow, now: number) => UserChange | undefined;

function planned(
  plan: UserPlan,
  actor: Account,
  { before, permissions }: { before: UserRow; permissions: readonly string[] },
  now: number,
): UserChange | AppError | undefined {
  try {
    refuseAbove(actor, before, permissions);
    return plan(before, now);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/**
 * Changes accounts by a plan, up to `maxUserChanges` at once. One that is refused holds up no other.
 * @returns for each id the account as it is now, or why it was refused: `USER_NOT_FOUND`, `CONFLICT`
 *   when its tenant would keep no active administrator or others keep changing it, or what the plan throws
 */
export async function changeUsers(
  { db, clock }: Pick<Platform, "db" | "clock">,
  actor: Account,
  userIds: readonly string[],
  plan: UserPlan,
): Promise<Map<string, ChangedUser | AppError>> {
  const outcomes = new Map<string, ChangedUser | AppError>();
  let tried = new Map<string, UserChange>();
  for (let attempt = 0; attempt <= maxAttempts; attempt++) {
    const open = userIds.filter((id) => !outcomes.has(id));
    if (open.length === 0) return outcomes;
    const [rows, grants] = await Promise.all([findUsers(db, open), grantsOf(db, open)]);
    const found = new Map(rows.map((row) => [row.id, row]));
    const now = clock.now();
    const changes = new Map<string, UserChange>();
    for (const id of open) {
      const row = found.get(id);
      const before = row && reaches(actor, row.clientId) ? row : undefined;
      const last = tried.get(id);
      const change = before && planned(plan, actor, { before, permissions: grants.get(id) ?? [] }, now);
      if (!before) outcomes.set(id, new AppError("USER_NOT_FOUND"));
      else if (change instanceof AppError) outcomes.set(id, change);
      else if (!change) outcomes.set(id, { user: before, ended: [] });
      else if (last && isUnchanged(last.before, before)) outcomes.set(id, lastAdmin());
      else if (attempt === maxAttempts) outcomes.set(id, restless());
      else changes.set(id, change);
    }
    if (changes.size === 0) return outcomes;
    for (const [id, ended] of await applyUserChanges(db, [...changes.values()], now)) {
      const change = changes.get(id);
      if (change) outcomes.set(id, { user: change.after, ended });
    }
    tried = changes;
  }
  return outcomes;
}

const lastAdmin = () =>
  new AppError("CONFLICT", { message: "The last active administrator of a tenant has to remain one" });

const restless = () =>
  new AppError("CONFLICT", { message: "The account is being changed by others; try again" });

/** `changeUsers` for one account. Throws its refusal. */
export async function changeUser(
  platform: Pick<Platform, "db" | "clock">,
  actor: Account,
  userId: string,
  plan: UserPlan,
): Promise<ChangedUser> {
  const outcome = (await changeUsers(platform, actor, [userId], plan)).get(userId);
  if (outcome === undefined || outcome instanceof AppError) throw outcome ?? new AppError("USER_NOT_FOUND");
  return outcome;
}
