import type { z } from "@hono/zod-openapi";
import type { Database } from "#src/db/client.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Clock } from "#src/kernel/clock.ts";
import { billingPeriodStart } from "./billing-period.ts";
import type { QuotaResource, quotaSchema } from "./schemas.ts";
import { countUsage, findSubscription, tierOfUser } from "./subscription-repository.ts";

export interface SubscriptionContext {
  db: Database;
  clock: Clock;
}

/** What a user has and has used in the current billing period. */
export async function usageOfUser({ db, clock }: SubscriptionContext, { userId }: Account) {
  const subscription = await findSubscription(db, userId);
  if (!subscription) throw new AppError("SUBSCRIPTION_NOT_FOUND");
  return countUsage(db, userId, billingPeriodStart(subscription.startDate, clock.now()));
}

/** How much of a resource is left to the caller; -1 is unlimited. */
export async function checkQuota(
  context: SubscriptionContext,
  actor: Account,
  resource: QuotaResource,
): Promise<z.infer<typeof quotaSchema>> {
  const [usage, tier] = await Promise.all([
    usageOfUser(context, actor),
    tierOfUser(context.db, actor.userId),
  ]);
  if (!tier) throw new AppError("SUBSCRIPTION_NOT_FOUND");
  const used = usage[resource];
  const most = { personas: tier.maxPersonas, projects: tier.maxProjects, content: tier.maxContent }[resource];
  const isUnlimited = most < 0;
  return {
    has_quota: isUnlimited || used < most,
    resource,
    current_usage: used,
    max_allowed: most,
    remaining: isUnlimited ? -1 : Math.max(0, most - used),
  };
}
