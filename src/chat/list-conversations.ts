import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageOf, pageRequest } from "#src/http/page.ts";
import { personOf } from "#src/kernel/actor.ts";
import { conversationStatusSchema } from "#src/objects/conversation-api.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { listSorts, pageOwn, placeIn } from "./conversation-repository.ts";
import { conversationListSchema } from "./listed-schemas.ts";
import { listedView } from "./views.ts";

const listQuery = cursorQuery().extend({
  sort: z.enum(listSorts).default("last_message_at").openapi({
    description: "What the list goes by, the latest first; by `started_at` each keeps its place",
  }),
  status: conversationStatusSchema.optional(),
  instance_id: z.uuid().optional(),
  project_id: z.uuid().optional(),
});

export const listConversations = talkOperation({
  name: "listConversations",
  summary: "One's own conversations, newest first",
  description:
    "From a list that follows the conversations within two seconds; one conversation itself is exact.",
  input: z.object({ query: listQuery }),
  output: conversationListSchema,
  run: async ({ db }, actor, { query }) => {
    const { sort, status, instance_id: instanceId, project_id: projectId, limit } = query;
    const found = await pageOwn(
      db,
      personOf(actor),
      { sort, status, instanceId, projectId },
      pageRequest(query),
    );
    const { rows, nextCursor } = pageOf(found, limit, placeIn(sort));
    return { conversations: rows.map(listedView), count: rows.length, next_cursor: nextCursor };
  },
});
