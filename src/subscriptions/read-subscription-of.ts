import { findUser } from "#src/identity/accounts/user-repository.ts";
import { type Account, assertPermission, reaches } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { SubscriptionAdministration } from "./subscription-administration.ts";
import { subscriptionPermission } from "./subscription-administration.ts";
import { findSubscription, type SubscriptionRow } from "./subscription-repository.ts";

/**
 * The subscription of an account that the caller's rights reach.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`; `SUBSCRIPTION_NOT_FOUND`
 */
export async function readSubscriptionOf(
  { db }: Pick<SubscriptionAdministration, "db">,
  actor: Account,
  userId: string,
): Promise<SubscriptionRow> {
  assertPermission(actor, subscriptionPermission);
  const [user, subscription] = await Promise.all([findUser(db, userId), findSubscription(db, userId)]);
  if (!user || !subscription || !reaches(actor, user.clientId)) throw new AppError("SUBSCRIPTION_NOT_FOUND");
  return subscription;
}
