import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageOfAll } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { topicListSchema } from "./schemas.ts";
import { topicsNow } from "./topics-now.ts";

export const listTopics = operation({
  name: "listTopics",
  summary: "Logical topics with their queues, consumers, backlog and failures",
  input: z.object({ query: cursorQuery() }),
  output: topicListSchema,
  run: async (platform, _actor, { query }) => {
    const all = await topicsNow(platform, platform.queues);
    const { rows: topics, nextCursor } = pageOfAll(all.topics, query);
    return { ...all, topics, count: topics.length, next_cursor: nextCursor };
  },
});
