import { z } from "@hono/zod-openapi";
import type { Account } from "#src/kernel/actor.ts";
import { messageRoles } from "#src/kernel/chat-words.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { searchOrders } from "#src/objects/conversation-search-api.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";

const searchQuery = z.strictObject({
  q: z.string().trim().min(2).max(200).openapi({
    description: "Words that a message has all of, without accents or case; the last one may go on",
    example: "green tea",
  }),
  order: z.enum(searchOrders).default("newest").openapi({
    description: "`relevance`: the best of the newest 2 000 that fit, first",
  }),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});

const place = z.number().int().nonnegative();

/** A message that was found. */
export const foundMessageSchema = z
  .object({
    conversation_id: z.uuid(),
    message_id: z.uuid(),
    seq: z.number().int().openapi({ description: "Its number in the conversation" }),
    role: z.enum(messageRoles),
    snippet: z.string().openapi({ description: "What stands around what was found, as plain text" }),
    highlights: z
      .array(
        z.object({
          from: place.openapi({ description: "Where it begins, in UTF-16 units" }),
          to: place.openapi({ description: "Where it ends" }),
        }),
      )
      .openapi({ description: "Where in the snippet the words stand" }),
    created_at: z.iso.datetime(),
  })
  .openapi("FoundMessage");

export const searchConversations = operation({
  name: "searchConversations",
  summary: "Messages of one's own conversations, by what stands in them",
  description: "What was written is found within two seconds.",
  input: z.object({ query: searchQuery }),
  output: z.object({ results: z.array(foundMessageSchema) }).openapi("FoundMessages"),
  run: async (platform, actor, { query }) => ({ results: await ownMessagesWith(platform, actor, query) }),
});

/** Messages of the caller's own conversations with words in them. */
export async function ownMessagesWith(
  { objects }: Pick<Platform, "objects">,
  { clientId, userId: ownerId }: Pick<Account, "clientId" | "userId">,
  query: z.output<typeof searchQuery>,
): Promise<z.infer<typeof foundMessageSchema>[]> {
  const index = await objects.conversationSearch(clientId);
  const hits = await index.find({ ...query, ownerId });
  return hits.map(({ conversationId, messageId, at, ...hit }) => ({
    ...hit,
    conversation_id: conversationId,
    message_id: messageId,
    created_at: isoTime(at),
  }));
}
