import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { memorySchema, memoryView, updateMemorySchema } from "#src/memory/index.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceMemory } from "./instance-memory.ts";
import { memoryParams } from "./memory-params.ts";

export const updateMemory = operation({
  name: "updateMemory",
  summary: "Change a memory; fields left out stay, `metadata` is replaced as a whole",
  input: z.object({ params: memoryParams, body: updateMemorySchema }),
  output: memorySchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params: { instance_id, memory_id }, body }) => {
    const { memory } = await instanceMemory(platform, actor, instance_id, "memory.changed");
    return memoryView(valueOrThrow(await memory.changeMemory(instance_id, memory_id, body)));
  },
});
