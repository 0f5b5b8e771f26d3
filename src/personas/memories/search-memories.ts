import { z } from "@hono/zod-openapi";
import { foundMemoriesSchema, memoryView, searchMemoriesQuery } from "#src/memory/index.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceParams } from "../instances/schemas.ts";
import { instanceMemory } from "./instance-memory.ts";

export const searchMemories = operation({
  name: "searchMemories",
  summary: "What the instance remembers about something, best first",
  description:
    "Ranked as steps find it: by full text (BM25), recency and, where an index of meanings is bound, by meaning. " +
    "What is found counts as used; the least used goes first when there is too much.",
  input: z.object({ params: instanceParams, query: searchMemoriesQuery }),
  output: foundMemoriesSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params: { instance_id: instanceId }, query }) => {
    const { memory, config } = await instanceMemory(platform, actor, instanceId);
    const found = await memory.searchMemories({
      instanceId,
      text: query.query,
      limit: query.limit ?? config.retrieval_count,
      types: query.type === undefined ? [] : [query.type],
      embeddingModel: config.embedding_model,
    });
    const memories = found.map((one) => ({ ...memoryView(one), score: one.score }));
    return { memories, count: memories.length, next_cursor: null };
  },
});
