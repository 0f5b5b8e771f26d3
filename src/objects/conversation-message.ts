import { z } from "zod";
import { messageRoles, personKinds } from "#src/kernel/chat-words.ts";
import { conversationStatusSchema } from "./conversation-api.ts";
import { countedEventSchema, maxTold } from "./counted-events.ts";

/**
 * What travels on `platform-events` besides: a conversation as lists show it. Of two the one with the higher revision
 * counts; an erased one leaves nothing but when that was. Times in epoch milliseconds.
 */
export const conversationMessageSchema = z.object({
  type: z.literal("conversation.copy"),
  id: z.string(),
  client_id: z.string(),
  revision: z.number().int().positive(),
  owner_id: z.string(),
  owner_kind: z.enum(personKinds),
  instance_id: z.string(),
  /** Objects of the release before tell none. */
  project_id: z.string().nullable().default(null),
  title: z.string().nullable(),
  status: conversationStatusSchema,
  holder: z.string(),
  admin_id: z.string().nullable(),
  /** Of its holder; objects of the release before tell none, and nobody is put to their conversations. */
  holder_epoch: z.number().int().positive().optional(),
  /** Of one that waits: who of the staff has let go of it last. */
  left_by: z.string().nullable().optional(),
  last_seq: z.number().int().nonnegative(),
  /** Messages of others that the owner has not read. */
  unread: z.number().int().nonnegative(),
  /** Whether its owner has muted it; objects of the release before tell nothing. */
  muted: z.boolean().default(false),
  last_message: z.object({ role: z.enum(messageRoles), preview: z.string().max(140) }).nullable(),
  started_at: z.number().int(),
  last_message_at: z.number().int().nullable(),
  ended_at: z.number().int().nullable(),
  erased_at: z.number().int().nullable(),
  /** Messages that a rule has marked and nobody has decided on; objects of the release before count none. */
  flagged: z.number().int().nonnegative().default(0),
  /** What has happened in it that counts, up to an entry of its log; objects of the release before tell none. */
  counts: z
    .object({ up_to: z.number().int().nonnegative(), events: z.array(countedEventSchema).max(maxTold) })
    .optional(),
});
export type ConversationMessage = z.infer<typeof conversationMessageSchema>;
