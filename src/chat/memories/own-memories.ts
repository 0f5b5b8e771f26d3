import { z } from "@hono/zod-openapi";
import { pageFields } from "#src/http/page.ts";
import type { Talker } from "#src/kernel/actor.ts";
import { memorySchema } from "#src/memory/index.ts";
import type { MemoriesApi } from "#src/objects/memories-api.ts";
import type { MemoryOwner } from "#src/objects/memory.ts";
import type { Platform } from "#src/platform.ts";
import { ownConversation } from "../own-conversation.ts";
import { conversationParams } from "../schemas.ts";

/** Something that a persona remembers of a person, as they see it themselves. */
export const rememberedSchema = memorySchema.omit({ owner: true }).openapi("RememberedOfPerson");

export const rememberedListSchema = z
  .object({ memories: z.array(rememberedSchema), ...pageFields })
  .openapi("RememberedOfPersonList");

export const rememberedParams = conversationParams.extend({
  remembered_id: z.coerce.number().int().positive(),
});

/** Whose memory is meant, and where it is kept. */
interface OwnMemories {
  memories: MemoriesApi;
  instanceId: string;
  owner: MemoryOwner;
}

/**
 * What the persona of one of the caller's conversations remembers of the caller: of nobody else, whoever they are.
 * @throws AppError `NOT_FOUND`
 */
export async function ownMemories(
  platform: Pick<Platform, "objects">,
  actor: Talker,
  conversationId: string,
): Promise<OwnMemories> {
  const { view, person } = await ownConversation(platform, actor, conversationId);
  return {
    memories: await platform.objects.workflowsOfInstance(person.clientId, view.instanceId),
    instanceId: view.instanceId,
    owner: `${person.kind}:${person.id}`,
  };
}
