import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageFields, pageOf, pageRequest } from "#src/http/page.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { conversationStatuses } from "#src/kernel/chat-words.ts";
import { operation } from "#src/operation/operation.ts";
import { countOfTenant, holderKinds, mostCounted, pageOfTenant } from "../conversation-repository.ts";
import { listedConversationSchema } from "../schemas.ts";
import { listedView } from "../views.ts";

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const listQuery = cursorQuery().extend({
  client_id: clientIdSchema.optional(),
  user_id: z.uuid().optional().openapi({ description: "Its owner" }),
  instance_id: z.uuid().optional(),
  admin_id: z.uuid().optional().openapi({ description: "To whom of the staff it is assigned" }),
  status: z.enum(conversationStatuses).optional(),
  holder: z.enum(holderKinds).optional().openapi({ description: "`queue`: waits for a person" }),
  start_date: time
    .optional()
    .openapi({ type: "string", format: "date-time", description: "Moved at or after it" }),
  end_date: time.optional().openapi({ type: "string", format: "date-time", description: "Moved before it" }),
});

export const listConversationsOfTenant = operation({
  name: "listConversationsOfTenant",
  summary: "Conversations of a tenant, the one that moved last first",
  input: z.object({ query: listQuery }),
  output: z
    .object({
      conversations: z.array(listedConversationSchema),
      total_count: z.number().int().openapi({ description: "All that fit, counted up to 10 000" }),
      total_is_lower_bound: z.boolean().openapi({ description: "Whether there are more than were counted" }),
      ...pageFields,
    })
    .openapi("TenantConversationList"),
  run: async ({ db }, actor, { query }) => {
    const { client_id, user_id: userId, instance_id: instanceId, admin_id: adminId, limit, ...rest } = query;
    const { status, holder, start_date: start, end_date: end } = rest;
    const clientId = tenantWithin(actor, client_id) ?? actor.clientId;
    const filter = { clientId, userId, instanceId, adminId, status, holder, start, end };
    const [found, total] = await Promise.all([
      pageOfTenant(db, filter, pageRequest(query)),
      countOfTenant(db, filter),
    ]);
    const { rows, nextCursor } = pageOf(found, limit, (row) => [row.movedAt, row.id]);
    return {
      conversations: rows.map(listedView),
      total_count: Math.min(total, mostCounted),
      total_is_lower_bound: total > mostCounted,
      count: rows.length,
      next_cursor: nextCursor,
    };
  },
});
