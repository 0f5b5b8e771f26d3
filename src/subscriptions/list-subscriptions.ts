import { z } from "@hono/zod-openapi";
import { cursorBehind, skippedBy } from "#src/http/page.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { listSubscriptionsQuery, subscriptionListSchema } from "./schemas.ts";
import { pageOfSubscriptions } from "./subscription-admin-repository.ts";
import { subscriptionView } from "./views.ts";

export const listSubscriptions = operation({
  name: "listSubscriptions",
  summary: "Subscriptions of all tenants, newest first",
  input: z.object({ query: listSubscriptionsQuery }),
  output: subscriptionListSchema,
  run: async ({ db, clock }, actor, { query }) => {
    const { limit } = query;
    const skipped = query.cursor === undefined ? (query.page - 1) * limit : skippedBy(query.cursor);
    const { rows, total } = await pageOfSubscriptions(db, query, tenantWithin(actor), skipped);
    const now = clock.now();
    return {
      subscriptions: rows.map((row) => subscriptionView(row, now)),
      total_count: total,
      page: Math.floor(skipped / limit) + 1,
      limit,
      total_pages: Math.ceil(total / limit),
      next_cursor: cursorBehind(skipped + limit, total),
    };
  },
});
