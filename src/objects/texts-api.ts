import { z } from "zod";

/** A text as it is being written: what it is of, and who may read it. */
export const textSubjectSchema = z.object({
  /** The run it belongs to; of a child run's text the run above all. */
  runId: z.string().min(1).max(100),
  taskId: z.string().min(1).max(200),
  step: z.string().max(200),
  instanceId: z.string().max(100).nullable(),
  ownerUserId: z.string().min(1).max(100),
});
export type TextSubject = z.infer<typeof textSubjectSchema>;

/** The most that a piece holds, in UTF-16 units; more of a text follows with the next call. */
export const maxPieceLength = 131_072;

/** A piece of a text. Offsets and lengths are counted in UTF-16 units from the start of the text. */
export const textPieceSchema = z.object({
  attempt: z.number().int().positive(),
  /** When this writing of the text began, in epoch milliseconds: a later one takes an earlier one's place. */
  round: z.number().int().nonnegative(),
  offset: z.number().int().nonnegative(),
  text: z.string().max(maxPieceLength),
});
export type TextPiece = z.infer<typeof textPieceSchema>;

export const publishedTextSchema = textSubjectSchema.extend(textPieceSchema.shape);
export type PublishedText = z.infer<typeof publishedTextSchema>;

/** What the hub says to a piece. */
export const textAnswerSchema = z.object({
  /** Whether anybody reads this text; whoever writes for nobody sends no more of it. */
  watched: z.boolean(),
  /** How much of this writing the hub has: what is missing is sent again from there. */
  have: z.number().int().nonnegative(),
});
export type TextAnswer = z.infer<typeof textAnswerSchema>;

/** The most texts that one call is about. */
export const maxTexts = 50;

/** The longest that `untilWatched` waits, in milliseconds. */
export const maxWatchWaitMs = 25_000;

/** Texts as they are being written pass through memory to who watches, and are kept nowhere. */
export interface TextsApi {
  /** Takes pieces of texts, in their order; repeats, and calls that overtake each other, are harmless. */
  publishText(pieces: readonly PublishedText[]): Promise<TextAnswer[]>;
  /**
   * Waits until somebody watches one of these texts, or the time is over.
   * @returns which of them are watched, in their order
   */
  untilWatched(subjects: readonly TextSubject[], timeoutMs: number): Promise<boolean[]>;
}
