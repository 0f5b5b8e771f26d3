import type { RunHeader } from "#src/engine/run-state.ts";

/** A step of the tables: which runs are of a conversation. */
export const runsOfConversations = `
-- Runs of conversations, wherever they are by now, until these are erased.
CREATE TABLE conversation_runs (
  conversation_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  PRIMARY KEY (conversation_id, run_id)
) WITHOUT ROWID;
`;

/** Which runs are of a conversation: its turns, its summaries, its readings. What is theirs goes with it. */
export class ConversationRuns {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Notes whose a run is, in the transaction that begins it. */
  note({ id, memoryOf }: Pick<RunHeader, "id" | "memoryOf">): void {
    if (!memoryOf) return;
    this.#sql.exec(
      "INSERT INTO conversation_runs (conversation_id, run_id) VALUES (?, ?)",
      memoryOf.conversationId,
      id,
    );
  }

  /** Some that are not erased yet, the oldest first. */
  of(conversationId: string, limit: number): string[] {
    return this.#sql
      .exec<{ run_id: string }>(
        "SELECT run_id FROM conversation_runs WHERE conversation_id = ? ORDER BY run_id LIMIT ?",
        conversationId,
        limit,
      )
      .toArray()
      .map(({ run_id }) => run_id);
  }

  /** A run is erased. */
  erased(conversationId: string, runId: string): void {
    this.#sql.exec(
      "DELETE FROM conversation_runs WHERE conversation_id = ? AND run_id = ?",
      conversationId,
      runId,
    );
  }
}
