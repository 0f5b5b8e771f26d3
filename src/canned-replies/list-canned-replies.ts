import { z } from "@hono/zod-openapi";
import { listed, pageRequest } from "#src/http/page.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { pageReplies } from "./canned-reply-repository.ts";
import { cannedReplyListSchema, cannedReplySchema, listQuery } from "./schemas.ts";

export const listCannedReplies = operation({
  name: "listCannedReplies",
  summary: "Replies that the staff has ready, newest first",
  input: z.object({ query: listQuery }),
  output: cannedReplyListSchema,
  run: async ({ db }, actor, { query }) => {
    const clientId = tenantWithin(actor, query.client_id) ?? actor.clientId;
    const found = await pageReplies(db, clientId, query.shortcut, pageRequest(query));
    const { rows, page } = listed(found, query.limit);
    return { canned_replies: rows.map((row) => wireRow(cannedReplySchema, row)), ...page };
  },
});
