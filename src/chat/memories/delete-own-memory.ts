import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { ownMemories, rememberedParams } from "./own-memories.ts";

export const deleteOwnMemory = talkOperation({
  name: "deleteOwnMemory",
  summary: "Have the conversation's persona forget something that it remembers of oneself",
  input: z.object({ params: rememberedParams }),
  output: z.object({}),
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params: { conversation_id, remembered_id } }) => {
    const { memories, instanceId, owner } = await ownMemories(platform, actor, conversation_id);
    valueOrThrow(await memories.removeMemory(instanceId, remembered_id, owner));
    return {};
  },
});
