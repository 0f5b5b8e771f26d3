import { AppError } from "../http/app-error.ts";
import { assertPermission, type Principal, reaches } from "../identity/principal.ts";
import { findUser } from "../identity/user-repository.ts";
import type { SubscriptionAdministration } from "./subscription-administration.ts";
import { subscriptionPermission } from "./subscription-administration.ts";
import { findSubscription, type SubscriptionRow } from "./subscription-repository.ts";

/**
 * The subscription of an account that the caller's rights reach.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`; `SUBSCRIPTION_NOT_FOUND`
 */
export async function readSubscriptionOf(
  { db }: Pick<SubscriptionAdministration, "db">,
  principal: Principal,
  userId: string,
): Promise<SubscriptionRow> {
  assertPermission(principal, subscriptionPermission);
  const [user, subscription] = await Promise.all([findUser(db, userId), findSubscription(db, userId)]);
  if (!user || !subscription || !reaches(principal, user.clientId))
    throw new AppError("SUBSCRIPTION_NOT_FOUND");
  return subscription;
}
