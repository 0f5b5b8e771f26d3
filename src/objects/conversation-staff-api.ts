import { z } from "zod";
import { type participantKinds, ratings } from "#src/kernel/chat-words.ts";
import type { Outcome } from "#src/kernel/outcome.ts";
import type { ModerationApi } from "./moderation-contract.ts";

/*
 * What is asked of a conversation besides talking in it: what its owner thinks of it, and what the staff notes, and hides.
 */

/** So many notes a conversation takes. */
export const maxNotes = 1000;

const id = z.string().min(1).max(100);

/** What somebody thinks of a message. */
export const feedbackSchema = z.object({
  rating: z.enum(ratings),
  reason: z.string().max(200).nullable(),
  comment: z.string().max(2000).nullable(),
});
export type Feedback = z.infer<typeof feedbackSchema>;

export const ratingRequestSchema = z.object({
  personId: id,
  messageId: id,
  /** Null: nothing any more. */
  feedback: feedbackSchema.nullable(),
});
export type RatingRequest = z.infer<typeof ratingRequestSchema>;

/** What its owner says of a conversation that has ended. */
export const satisfactionSchema = z.object({
  score: z.number().int().min(1).max(5),
  comment: z.string().max(2000).nullable(),
});
export type Satisfaction = z.infer<typeof satisfactionSchema>;

export const newNoteSchema = z.object({
  senderId: id,
  /** The sender's own word for it: with the same one it is the same note. */
  clientMessageId: z.string().min(1).max(64),
  content: z.string().max(32_768),
});
export type NewNote = z.infer<typeof newNoteSchema>;

export const noteQuerySchema = z.object({
  /** Notes behind one, the first first; left out: the newest. */
  after: z.number().int().nonnegative().optional(),
  limit: z.number().int().min(1).max(200),
});
export type NoteQuery = z.infer<typeof noteQuerySchema>;

export interface NotePage<Message> {
  /** The oldest of them first. */
  notes: Message[];
  /** The number of the last of them among the notes: what follows is behind it. */
  last: number;
  /** Whether there are more behind them. */
  hasMore: boolean;
}

export const messageHidingSchema = z.object({
  messageId: id,
  /** Who of the staff hides it. */
  by: id,
  reason: z.string().max(500),
});
export type MessageHiding = z.infer<typeof messageHidingSchema>;

/** Somebody who takes part. */
export interface ParticipantView {
  personId: string;
  kind: (typeof participantKinds)[number];
  joinedAt: number;
  deliveredSeq: number;
  readSeq: number;
  muted: boolean;
}

/** A conversation, for who judges it and who looks after it. */
export interface ConversationStaffApi<Conversation, Message> extends ModerationApi<Message> {
  /** Its owner says what they think of a message of others. */
  rate(request: RatingRequest): Promise<Outcome<Message>>;
  /** Its owner says how it was, once for each time that it ends. */
  rateEnding(said: Satisfaction): Promise<Outcome<Conversation>>;
  /** Notes something for the staff alone; nobody who is not of it is ever told. */
  note(note: NewNote): Promise<Outcome<{ message: Message; created: boolean }>>;
  listNotes(query: NoteQuery): Promise<Outcome<NotePage<Message>>>;
  /** Those who take part, the first first. */
  listParticipants(limit: number): Promise<Outcome<ParticipantView[]>>;
  /** Takes a message from everybody's sight but the staff's. */
  hide(hiding: MessageHiding): Promise<Outcome<Message>>;
}
