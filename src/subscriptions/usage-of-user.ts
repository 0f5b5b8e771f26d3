import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { billingPeriodStart } from "./billing-period.ts";
import { countUsage, findSubscription } from "./subscription-repository.ts";

/**
 * What a user has and has used in the current billing period.
 * @throws AppError `SUBSCRIPTION_NOT_FOUND`
 */
export async function usageOfUser({ db, clock }: Pick<Platform, "db" | "clock">, userId: string) {
  const subscription = await findSubscription(db, userId);
  if (!subscription) throw new AppError("SUBSCRIPTION_NOT_FOUND");
  return countUsage(db, userId, billingPeriodStart(subscription.startDate, clock.now()));
}
