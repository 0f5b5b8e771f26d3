import type { Database } from "#src/db/client.ts";
import { findUser, type UserRow } from "#src/identity/index.ts";
import { type Account, reaches } from "#src/kernel/actor.ts";
import { findSubscription, type SubscriptionRow } from "./subscription-repository.ts";

interface Subscriber {
  user: UserRow;
  subscription: SubscriptionRow | undefined;
}

/** An account and its subscription, if the caller's rights reach it. */
export async function subscriberWithin(
  db: Database,
  actor: Account,
  userId: string,
): Promise<Subscriber | undefined> {
  const [user, subscription] = await Promise.all([findUser(db, userId), findSubscription(db, userId)]);
  return user && reaches(actor, user.clientId) ? { user, subscription } : undefined;
}
