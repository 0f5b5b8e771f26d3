import { z } from "@hono/zod-openapi";
import { nextCursorSchema, pageOf, pageRequest } from "#src/http/page.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { countOfTenant, mostCounted, pageOfTenant } from "../conversation-repository.ts";
import { tenantListedConversationSchema } from "../schemas.ts";
import { tenantListedView } from "../views.ts";
import { filterOf, staffListQuery } from "./list-query.ts";

const tenantListSchema = z
  .object({
    conversations: z.array(tenantListedConversationSchema),
    total_count: z.number().int().openapi({ description: "All that fit, counted up to 10 000" }),
    total_is_lower_bound: z.boolean().openapi({ description: "Whether there are more than were counted" }),
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
    "By `page`, as far as is counted, or by `cursor` to the end: with it none is shown twice while others move.",
  input: z.object({ query: staffListQuery }),
  output: tenantListSchema,
  run: async ({ db }, actor, { query }) => {
    const { limit, cursor, page = 1 } = query;
    const filter = filterOf(query, tenantWithin(actor, query.client_id) ?? actor.clientId);
    const skipped = (page - 1) * limit;
    const [found, total] = await Promise.all([
      pageOfTenant(db, filter, pageRequest(query), skipped),
      countOfTenant(db, filter),
    ]);
    const { rows, nextCursor } = pageOf(found, limit, (row) => [row.movedAt, row.id]);
    const counted = Math.min(total, mostCounted);
    return {
      conversations: rows.map(tenantListedView),
      total_count: counted,
      total_is_lower_bound: total > mostCounted,
      page: cursor === undefined ? page : null,
      limit,
      total_pages: Math.ceil(counted / limit),
      count: rows.length,
      next_cursor: nextCursor,
    };
  },
});
