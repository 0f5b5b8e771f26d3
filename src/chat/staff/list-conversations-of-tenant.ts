import { z } from "@hono/zod-openapi";
import { nextCursorSchema, pageOf, pageRequest } from "#src/http/page.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { countOfTenant, mostCounted, pageOfTenant, placeIn } from "../conversation-repository.ts";
import { tenantListedConversationSchema } from "../listed-schemas.ts";
import { tenantListedView } from "../views.ts";
import { filterOf, staffListQuery } from "./list-query.ts";

const tenantListSchema = z
  .object({
    conversations: z.array(tenantListedConversationSchema),
    total_count: z.number().int().openapi({ description: "All that fit, counted up to 10 000" }),
    total_is_lower_bound: z
      .boolean()
      .openapi({ description: "Whether there may be more than were counted, or than `q` has looked at" }),
    page: z
      .number()
      .int()
      .nullable()
      .openapi({ description: "Which page; null of what is read by `cursor`" }),
    limit: z.number().int(),
    total_pages: z.number().int().openapi({ description: "Of what was counted" }),
    count: z.number().int(),
    next_cursor: nextCursorSchema,
  })
  .openapi("TenantConversationList");

export const listConversationsOfTenant = operation({
  name: "listConversationsOfTenant",
  summary: "Conversations of a tenant, the one that moved last first",
  description:
    "By `page`, as far as is counted, or by `cursor` to the end: with it none is shown twice while others move; one that moves " +
    "meanwhile is at the top, and by `sort=started_at` each is shown once. With `q`, of what was said within two seconds.",
  input: z.object({ query: staffListQuery }),
  output: tenantListSchema,
  run: async ({ db, objects }, actor, { query }) => {
    const { limit, cursor, page = 1, q, sort } = query;
    const clientId = tenantWithin(actor, query.client_id) ?? actor.clientId;
    const said =
      q === undefined ? undefined : await (await objects.conversationSearch(clientId)).conversationsWith(q);
    const filter = { ...filterOf(query, clientId), among: said?.ids };
    const skipped = (page - 1) * limit;
    const [found, total] = await Promise.all([
      pageOfTenant(db, filter, pageRequest(query), skipped, sort),
      countOfTenant(db, filter),
    ]);
    const { rows, nextCursor } = pageOf(found, limit, placeIn(sort));
    const counted = Math.min(total, mostCounted);
    return {
      conversations: rows.map(tenantListedView),
      total_count: counted,
      total_is_lower_bound: total > mostCounted || said?.isLowerBound === true,
      page: cursor === undefined ? page : null,
      limit,
      total_pages: Math.ceil(counted / limit),
      count: rows.length,
      next_cursor: nextCursor,
    };
  },
});
