import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageOf, pageRequest } from "#src/http/page.ts";
import { memoryListSchema, memoryTypeSchema, memoryView } from "#src/memory/index.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceParams } from "../instances/schemas.ts";
import { instanceMemory } from "./instance-memory.ts";

export const listMemories = operation({
  name: "listMemories",
  summary: "What the instance remembers, newest first",
  input: z.object({
    params: instanceParams,
    query: cursorQuery().extend({ type: memoryTypeSchema.optional() }),
  }),
  output: memoryListSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params: { instance_id }, query: { type, ...query } }) => {
    const page = pageRequest(query);
    const { memory } = await instanceMemory(platform, actor, instance_id);
    const found = await memory.listMemories(instance_id, { ...page, type });
    const { rows, nextCursor } = pageOf(found, page.limit, ({ createdAt, id }) => [createdAt, String(id)]);
    return { memories: rows.map(memoryView), count: rows.length, next_cursor: nextCursor };
  },
});
