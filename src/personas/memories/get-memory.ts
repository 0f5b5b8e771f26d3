import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { memorySchema, memoryView } from "#src/memory/index.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceMemory } from "./instance-memory.ts";
import { memoryParams } from "./memory-params.ts";

export const getMemory = operation({
  name: "getMemory",
  summary: "One memory",
  input: z.object({ params: memoryParams }),
  output: memorySchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params: { instance_id, memory_id } }) => {
    const { memory } = await instanceMemory(platform, actor, instance_id);
    return memoryView(valueOrThrow(await memory.getMemory(instance_id, memory_id)));
  },
});
