import type { Database } from "#src/db/client.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Subscribed } from "./change-subscription-row.ts";
import { findSubscription } from "./subscription-repository.ts";

/**
 * The caller's own subscription.
 * @throws AppError `SUBSCRIPTION_NOT_FOUND`
 */
export async function ownSubscription(
  db: Database,
  { userId, clientId }: Pick<Account, "userId" | "clientId">,
): Promise<Subscribed> {
  const subscription = await findSubscription(db, userId);
  if (!subscription) throw new AppError("SUBSCRIPTION_NOT_FOUND");
  return { user: { id: userId, clientId }, subscription };
}
