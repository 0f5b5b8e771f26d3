import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageOf, pageRequest } from "#src/http/page.ts";
import { memoryView } from "#src/memory/index.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { conversationParams } from "../schemas.ts";
import { ownMemories, rememberedListSchema } from "./own-memories.ts";

export const listOwnMemories = talkOperation({
  name: "listOwnMemories",
  summary: "What the conversation's persona has had remembered of oneself, newest first",
  description:
    "In whichever of one's conversations with it. What it keeps for its owner stands with the instance (`GET /personas/instances/{instance_id}/memories`).",
  input: z.object({ params: conversationParams, query: cursorQuery() }),
  output: rememberedListSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params, query }) => {
    const page = pageRequest(query);
    const { memories, instanceId, owner } = await ownMemories(platform, actor, params.conversation_id);
    const found = await memories.listMemories(instanceId, { ...page, owner });
    const { rows, nextCursor } = pageOf(found, page.limit, ({ createdAt, id }) => [createdAt, String(id)]);
    const told = rows.map(memoryView).map(({ owner, ...memory }) => memory);
    return { memories: told, count: rows.length, next_cursor: nextCursor };
  },
});
