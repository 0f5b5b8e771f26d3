import type { Outcome } from "#src/kernel/outcome.ts";

/** What becomes of a conversation in the end. */
export interface ConversationEndApi {
  /** Erases all that was said. Of what comes late nothing is written any more. */
  erase(): Promise<Outcome<{ erased: true }>>;
  /**
   * Moves what was said to R2, where it ended by a time and has told all of it: it is read as before, and takes nothing any
   * more. Repeats are harmless.
   */
  archive(endedBefore: number): Promise<Outcome<{ archived: boolean }>>;
}
