import { z } from "@hono/zod-openapi";
import { countTiers, maxUserChanges, shutOut, stopRunsLater } from "#src/identity/index.ts";
import { type Account, type Tier, tiers } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { type ChangedUser, changeUsers, type UserPlan } from "./change-users.ts";
import { deletionPlan } from "./deletion-plan.ts";
import { type BulkUsers, bulkResultSchema, bulkSchema } from "./schemas.ts";
import { updatePlan } from "./update-plan.ts";

/**
 * Tenants of one request: each costs calls to its own objects, and a Worker
 * makes a thousand for one request.
 */
const maxTenants = 100;

/** What the operation does to one account: what the single operation does. */
function planOf(actor: Account, { operation: wanted, params, reason }: BulkUsers): UserPlan {
  switch (wanted) {
    case "activate":
    case "deactivate":
      return updatePlan(actor, { is_active: wanted === "activate" }, reason);
    case "delete":
      return deletionPlan(actor, reason);
    case "upgrade_tier":
      return upwards(params?.tier, updatePlan(actor, { subscription_tier: params?.tier }, reason));
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

type Outcomes = Map<string, ChangedUser | AppError>;

/** Changes accounts by a plan, however many: a fixed number of statements for each hundred of them. */
async function changeAll(
  platform: Platform,
  actor: Account,
  ids: readonly string[],
  plan: UserPlan,
): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  for (let from = 0; from < ids.length; from += maxUserChanges) {
    const chunk = await changeUsers(platform, actor, ids.slice(from, from + maxUserChanges), plan);
    for (const [id, outcome] of chunk) outcomes.set(id, outcome);
  }
  return outcomes;
}

/** Tells tenants of their changed accounts and shuts ended sessions out; where that cannot be done yet, it is the outcome. */
async function followUpAll(platform: Platform, outcomes: Outcomes): Promise<void> {
  const changed = [...outcomes.values()].flatMap((outcome) => (outcome instanceof AppError ? [] : outcome));
  for (const [clientId, users] of Map.groupBy(changed, ({ user }) => user.clientId)) {
    platform.told(clientId);
    try {
      await shutOut(platform, clientId, ...users.flatMap(({ ended }) => ended));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      for (const { user, ended } of users) if (ended.length > 0) outcomes.set(user.id, error);
    }
  }
}

export const bulkUsers = operation({
  name: "bulkUsers",
  summary: "Activate, deactivate, delete or upgrade up to 1000 accounts; one that is refused stops no other",
  description:
    "Each account is treated as by `PUT` or `DELETE /admin/users/{user_id}`: never one's own, and the last active " +
    "administrator remains. `upgrade_tier` takes no higher tier away. Answers 200 also when every account was refused.",
  input: z.object({ body: bulkSchema }),
  output: bulkResultSchema,
  run: async (platform, actor, { body }) => {
    const ids = [...new Set(body.user_ids)];
    const outcomes = await changeAll(platform, actor, ids, ofFewTenants(planOf(actor, body)));
    await followUpAll(platform, outcomes);
    if (body.operation === "upgrade_tier") await countTiers(platform, ...ids);
    if (body.operation === "delete") stopRunsLater(platform);
    const errors = ids.flatMap((id) => {
      const outcome = outcomes.get(id);
      return outcome instanceof AppError ? [`User ${id}: ${outcome.message}`] : [];
    });
    return {
      operation: body.operation,
      total: ids.length,
      succeeded: ids.length - errors.length,
      failed: errors.length,
      errors,
    };
  },
});
