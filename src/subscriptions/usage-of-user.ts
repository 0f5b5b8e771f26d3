import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { billingPeriodStart } from "./billing-period.ts";
import { countPossessions, findSubscription } from "./subscription-repository.ts";

/**
 * What a user has and has used in the current billing period.
 * @throws AppError `SUBSCRIPTION_NOT_FOUND`
 */
export async function usageOfUser(
  { db, clock, usage }: Pick<Platform, "db" | "clock" | "usage">,
  user: Pick<Account, "clientId" | "userId">,
) {
  const subscription = await findSubscription(db, user.userId);
  if (!subscription) throw new AppError("SUBSCRIPTION_NOT_FOUND");
  const [possessions, content] = await Promise.all([
    countPossessions(db, user.userId),
    usage.contentOf(user, billingPeriodStart(subscription.startDate, clock.now())),
  ]);
  return { ...possessions, content };
}
