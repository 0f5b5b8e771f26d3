import { z } from "zod";
import type { Stale } from "./turn-contract.ts";

/*
 * What a conversation and whoever gives it a title say to each other. It is named once, after its first answer, by a run of
 * one step; one that fails is not missed, and nothing that its owner has said of a title is changed by it.
 */

/** What the step of a titling does, and where its task goes. */
export const titleAction = "chat_title";
export const titleTopic = "system.agent.chat.title";

/** Characters of a title that a model gives. */
export const maxGivenTitle = 80;

const id = z.string().min(1).max(100);

export const titleInputSchema = z.object({ conversation_id: id, title_id: id });

/** What a title is made from: the beginning of what was asked and answered first. */
export interface TitleContext {
  question: string;
  answer: string;
}

export const titleClosingSchema = z.object({ titleId: id, title: z.string().min(1).max(200) });
export type TitleClosing = z.infer<typeof titleClosingSchema>;

/** What a conversation can be asked by whoever gives it a title. */
export interface TitlesApi {
  titleContext(titleId: string): Promise<{ ok: true; context: TitleContext } | Stale>;
  /** Names the conversation, unless its owner has said something of its title meanwhile. */
  closeTitle(closing: TitleClosing): Promise<{ ok: true } | Stale>;
}
