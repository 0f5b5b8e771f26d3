import type { z } from "@hono/zod-openapi";
import { assertPermission, type Principal } from "../identity/principal.ts";
import type { ListSubscriptions, subscriptionListSchema } from "./schemas.ts";
import { pageOfSubscriptions } from "./subscription-admin-repository.ts";
import { type SubscriptionAdministration, subscriptionPermission } from "./subscription-administration.ts";
import { subscriptionView } from "./views.ts";

/**
 * One page of all tenants' subscriptions, newest first.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`
 */
export async function listSubscriptions(
  { db }: Pick<SubscriptionAdministration, "db">,
  principal: Principal,
  query: ListSubscriptions,
): Promise<z.infer<typeof subscriptionListSchema>> {
  assertPermission(principal, subscriptionPermission);
  const { rows, total } = await pageOfSubscriptions(db, query);
  return {
    subscriptions: rows.map(subscriptionView),
    total_count: total,
    page: query.page,
    limit: query.limit,
    total_pages: Math.ceil(total / query.limit),
  };
}
