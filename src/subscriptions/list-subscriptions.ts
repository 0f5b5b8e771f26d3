import type { z } from "@hono/zod-openapi";
import { cursorBehind, skippedBy } from "#src/http/page.ts";
import { type Account, assertPermission, tenantWithin } from "#src/kernel/actor.ts";
import type { ListSubscriptions, subscriptionListSchema } from "./schemas.ts";
import { pageOfSubscriptions } from "./subscription-admin-repository.ts";
import { type SubscriptionAdministration, subscriptionPermission } from "./subscription-administration.ts";
import { subscriptionView } from "./views.ts";

/**
 * One page of the subscriptions that the caller's rights reach, newest first.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`
 */
export async function listSubscriptions(
  { db }: Pick<SubscriptionAdministration, "db">,
  actor: Account,
  query: ListSubscriptions,
): Promise<z.infer<typeof subscriptionListSchema>> {
  assertPermission(actor, subscriptionPermission);
  const { limit } = query;
  const skipped = query.cursor === undefined ? (query.page - 1) * limit : skippedBy(query.cursor);
  const { rows, total } = await pageOfSubscriptions(db, query, tenantWithin(actor), skipped);
  return {
    subscriptions: rows.map(subscriptionView),
    total_count: total,
    page: Math.floor(skipped / limit) + 1,
    limit,
    total_pages: Math.ceil(total / limit),
    next_cursor: cursorBehind(skipped + limit, total),
  };
}
