import type { z } from "@hono/zod-openapi";
import { maxUserChanges } from "#src/identity/accounts/user-change-repository.ts";
import { type Account, type Tier, tiers } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { requireAdministeringUsers } from "../access/rights.ts";
import type { AdministrationContext } from "../administration-context.ts";
import type { BulkUsers, bulkResultSchema } from "../schemas.ts";
import { type ChangedUser, changeUsers, type UserPlan } from "./change-users.ts";
import { deletionPlan } from "./delete-user.ts";
import { updatePlan } from "./update-user.ts";

/**
 * Tenants of one request: each costs calls to its own objects, and a Worker
 * makes a thousand for one request.
 */
const maxTenants = 100;

/** What the operation does to one account: what the single operation does. */
function planOf(
  { device }: AdministrationContext,
  actor: Account,
  { operation, params, reason }: BulkUsers,
): UserPlan {
  switch (operation) {
    case "activate":
    case "deactivate":
      return updatePlan(actor, device, { is_active: operation === "activate" }, reason);
    case "delete":
      return deletionPlan(actor, device, reason);
    case "upgrade_tier":
      return upwards(params?.tier, updatePlan(actor, device, { subscription_tier: params?.tier }, reason));
  }
}

/** An upgrade takes no tier away. */
const upwards =
  (tier: Tier | undefined, plan: UserPlan): UserPlan =>
  (before, now) => {
    if (tier !== undefined && tiers.indexOf(tier) < tiers.indexOf(before.tier)) {
      throw new AppError("CONFLICT", { message: `Has the higher tier ${before.tier}` });
    }
    return plan(before, now);
  };

/** Refuses accounts of further tenants when there are too many. */
function ofFewTenants(plan: UserPlan): UserPlan {
  const tenants = new Set<string>();
  return (before, now) => {
    if (tenants.size >= maxTenants && !tenants.has(before.clientId)) {
      throw new AppError("BAD_REQUEST", {
        message: `At most ${maxTenants} tenants at once; send the rest again`,
      });
    }
    tenants.add(before.clientId);
    return plan(before, now);
  };
}

/**
 * Does one thing to many accounts: each is changed or refused as the single
 * operation does, and a refusal stops no other. Costs a fixed number of
 * statements for each hundred accounts.
 * @param announce tells a tenant of its changed accounts and shuts ended sessions out; refuses
 *   with an AppError when that cannot be done yet
 * @throws AppError `INSUFFICIENT_PERMISSIONS`
 */
export async function bulkUsers(
  context: AdministrationContext,
  actor: Account,
  request: BulkUsers,
  announce: (clientId: string, endedSessions: string[]) => Promise<void>,
): Promise<z.infer<typeof bulkResultSchema>> {
  requireAdministeringUsers(actor);
  const ids = [...new Set(request.user_ids)];
  const plan = ofFewTenants(planOf(context, actor, request));
  const outcomes = new Map<string, ChangedUser | AppError>();
  for (let from = 0; from < ids.length; from += maxUserChanges) {
    const chunk = await changeUsers(context, actor, ids.slice(from, from + maxUserChanges), plan);
    for (const [id, outcome] of chunk) outcomes.set(id, outcome);
  }
  const changed = [...outcomes.values()].flatMap((outcome) => (outcome instanceof AppError ? [] : outcome));
  for (const [clientId, users] of Map.groupBy(changed, ({ user }) => user.clientId)) {
    try {
      await announce(
        clientId,
        users.flatMap(({ ended }) => ended),
      );
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      for (const { user, ended } of users) if (ended.length > 0) outcomes.set(user.id, error);
    }
  }
  const errors = ids.flatMap((id) => {
    const outcome = outcomes.get(id);
    return outcome instanceof AppError ? [`User ${id}: ${outcome.message}`] : [];
  });
  return {
    operation: request.operation,
    total: ids.length,
    succeeded: ids.length - errors.length,
    failed: errors.length,
    errors,
  };
}
