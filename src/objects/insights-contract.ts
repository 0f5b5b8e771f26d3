import { z } from "zod";
import { personIdSchema } from "./person-id.ts";
import { maxFactLength } from "./profile-parts.ts";
import type { Stale } from "./turn-contract.ts";

/*
 * What a conversation, whoever reads what was said for moods and topics, and what is known of persons say to each other. A
 * reading is a run of one step, of the newest messages of the conversation's owner; one that fails is not missed. Its
 * conversation keeps nothing of what was read out of it: that is of the person, who may take it back.
 */

/** What the step of a reading does, and where its task goes. */
export const insightsAction = "chat_insights";
export const insightsTopic = "system.agent.chat.insights";

const id = z.string().min(1).max(100);

export const insightsInputSchema = z.object({ conversation_id: id, insights_id: id });

/** What a reading reads. */
export interface InsightsContext {
  instanceId: string;
  person: { id: string; kind: "user" | "visitor" };
  /** Whether facts of the person may be kept. */
  learns: boolean;
  /** What the person has said since the last reading, the oldest first. */
  messages: { id: string; content: string }[];
}

/** How somebody seems to feel: from -1 to 1. */
const sentiment = z.number().min(-1).max(1);

/** What a reading has come to, as far as the conversation is concerned. */
export const insightsClosingSchema = z.object({ insightsId: id, sentiment, wantsHuman: z.boolean() });
export type InsightsClosing = z.infer<typeof insightsClosingSchema>;

/** What a conversation can be asked by whoever reads it. */
export interface InsightsApi {
  insightsContext(insightsId: string): Promise<{ ok: true; context: InsightsContext } | Stale>;
  /** Has a person take over where the persona is published to have it so. */
  closeInsights(closing: InsightsClosing): Promise<{ ok: true } | Stale>;
}

const topic = z.string().min(1).max(50);

/** What was read out of what a person has said. */
export const insightsSchema = z.object({
  personId: personIdSchema,
  /** The reading: told again, it changes nothing. */
  id,
  conversationId: id,
  /** The newest message that was read. */
  messageId: id,
  instanceId: id,
  sentiment,
  /** As in `en`; null where nobody can say. */
  language: z.string().min(2).max(35).nullable(),
  topics: z.array(topic).max(5),
  /** What the person is about, in short. */
  summary: z.string().max(500),
  facts: z.array(z.string().min(1).max(maxFactLength)).max(5),
});
export type Insights = z.infer<typeof insightsSchema>;

/** Where what was read of persons is kept. */
export interface ReadPersonsApi {
  /** @returns whether it is kept: without the person's consent nothing is. */
  noteInsights(insights: Insights): Promise<{ accepted: boolean }>;
}
