import { z } from "zod";
import { messageRoles } from "#src/kernel/chat-words.ts";

const id = z.string().min(1).max(100);

/** A message as it is found; of two copies the one with the higher revision counts. */
export const searchCopySchema = z.object({
  messageId: id,
  seq: z.number().int().positive(),
  role: z.enum(messageRoles),
  /** Empty where nothing of it is to be found any more. */
  text: z.string(),
  /** Epoch milliseconds. */
  at: z.number().int(),
  /** The conversation's. */
  revision: z.number().int().positive(),
});
export type SearchCopy = z.infer<typeof searchCopySchema>;

export const searchCopiesSchema = z.object({
  conversationId: id,
  ownerId: id,
  copies: z.array(searchCopySchema).max(200),
});
export type SearchCopies = z.infer<typeof searchCopiesSchema>;

export const searchOrders = ["newest", "relevance"] as const;

export const searchQuerySchema = z.object({
  q: z.string().max(200),
  /** Whose conversations; left out by staff, for all of the tenant's. */
  ownerId: id.optional(),
  order: z.enum(searchOrders),
  limit: z.number().int().min(1).max(2000),
});
export type SearchQuery = z.infer<typeof searchQuerySchema>;

/** A part of a text. */
interface Span {
  from: number;
  to: number;
}

/** A message that was found. */
export interface SearchHit {
  conversationId: string;
  messageId: string;
  seq: number;
  role: SearchCopy["role"];
  at: number;
  /** What stands around what was found. */
  snippet: string;
  /** Where in the snippet it stands, in UTF-16 units. */
  highlights: Span[];
}

/** So many messages are looked at, the newest of those that fit: of a common word there may be any number. */
export const mostLookedAt = 2000;

/** Conversations in which something was found, the one with the newest first. */
export interface FoundConversations {
  ids: string[];
  /** Whether there may be more, with older messages that fit than were looked at. */
  isLowerBound: boolean;
}

/** What is found of a tenant's conversations: derived from them, and nowhere the truth. */
export interface ConversationSearchApi {
  put(copies: SearchCopies): Promise<void>;
  /**
   * Forgets a conversation for good, a part at a time: copies of it that come late do nothing.
   * @returns whether nothing of it is left
   */
  erase(conversationId: string): Promise<boolean>;
  find(query: SearchQuery): Promise<SearchHit[]>;
  /** Conversations with a message that fits, among the newest messages that do. */
  conversationsWith(q: string): Promise<FoundConversations>;
}
