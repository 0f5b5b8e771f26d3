import { z } from "zod";
import { type MarkState, moderationActions } from "#src/kernel/chat-words.ts";
import type { Outcome } from "#src/kernel/outcome.ts";
import { standingPersonaSchema } from "./conversation-persona.ts";

/* What is asked of a conversation about messages that rules of its tenant have something to say of. */

/** What becomes of a message by a rule that it fits. */
export const verdictSchema = z.object({
  action: z.enum(moderationActions),
  /** The rule's name. */
  rule: z.string().max(100),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** What the gateway does for conversations, which they ask of it. */
export interface AnswerJudgeApi {
  /** Holds what a persona has written against its tenant's rules; null where they have nothing to say of it. */
  judgeAnswer(answer: { clientId: string; text: string }): Promise<Verdict | null>;
}

/** What the staff is told of a message that a rule has marked. Times in epoch milliseconds. */
export interface MarkView {
  messageId: string;
  action: Verdict["action"];
  rule: string;
  state: MarkState;
  /** Who of the staff has decided; null while nobody has. */
  decidedBy: string | null;
  markedAt: number;
  decidedAt: number | null;
}

export const messageReleaseSchema = z.object({
  messageId: z.string().min(1).max(100),
  /** Who of the staff lets it stand. */
  by: z.string().min(1).max(100),
  /** As it is now, for the answer. */
  persona: standingPersonaSchema,
});
export type MessageRelease = z.infer<typeof messageReleaseSchema>;

export interface ModerationApi<Message> {
  /** Lets a message stand that a rule has marked; one that was held is answered where nothing has been answered since. */
  releaseMessage(release: MessageRelease): Promise<Outcome<Message>>;
}
