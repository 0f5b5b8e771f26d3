import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceMemory } from "./instance-memory.ts";
import { memoryParams } from "./memory-params.ts";

export const deleteMemory = operation({
  name: "deleteMemory",
  summary: "Have the instance forget something",
  input: z.object({ params: memoryParams }),
  output: z.void(),
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params: { instance_id, memory_id } }) => {
    const { memory } = await instanceMemory(platform, actor, instance_id, "memory.removed");
    valueOrThrow(await memory.removeMemory(instance_id, memory_id));
  },
});
