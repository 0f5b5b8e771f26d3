import { z } from "@hono/zod-openapi";
import { createMemorySchema, memorySchema, memoryView } from "#src/memory/index.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceParams } from "../instances/schemas.ts";
import { instanceMemory } from "./instance-memory.ts";

export const createMemory = operation({
  name: "createMemory",
  summary: "Have the instance remember something",
  description: "Beyond `memory_config.max_memories` the least used memories go, the oldest of them first.",
  input: z.object({ params: instanceParams, body: createMemorySchema }),
  output: memorySchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params: { instance_id }, body }) => {
    const { memory, config } = await instanceMemory(platform, actor, instance_id, "memory.created");
    const { embedding_model: embeddingModel, max_memories } = config;
    return memoryView(await memory.putMemory(instance_id, { ...body, embeddingModel }, max_memories));
  },
});
