import { z } from "zod";
import type { ContextMessage, Stale } from "./turn-contract.ts";

/*
 * What a conversation and whoever summarises it say to each other. A summary covers the active path up to a message; it is
 * made by a run of one step, and nothing that was said is changed by it. One that fails leaves everything as it was.
 */

/** What the step of a summary does, and where its task goes. */
export const compactionAction = "chat_compact";
export const compactionTopic = "system.agent.chat.compact";

const id = z.string().min(1).max(100);
const count = z.number().int().nonnegative();

export const compactionInputSchema = z.object({ conversation_id: id, compaction_id: id });

/** What a summary is made from. */
export interface CompactionContext {
  /** Null where the platform's own choice is meant. */
  model: string | null;
  /** What the summary before it says of what came before. */
  earlier: string | null;
  /** What follows that, the oldest first. */
  messages: ContextMessage[];
}

export const compactionClosingSchema = z.object({
  compactionId: id,
  /** The last message that it covers. */
  upTo: id,
  text: z.string().min(1).max(65_536),
  tokens: count,
  model: z.string().max(200),
});
export type CompactionClosing = z.infer<typeof compactionClosingSchema>;

/** What a conversation can be asked by whoever summarises it. */
export interface CompactionsApi {
  compactionContext(compactionId: string): Promise<{ ok: true; context: CompactionContext } | Stale>;
  /** Keeps a summary. One that is not wanted any more changes nothing. */
  closeCompaction(closing: CompactionClosing): Promise<{ ok: true } | Stale>;
}
