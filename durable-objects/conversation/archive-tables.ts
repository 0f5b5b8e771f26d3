/**
 * Where the words of a conversation lie that ended long ago: in R2, in so many parts, once `archived_at` is set. While it
 * is not, they are being written there, and the tables are the truth. `is_thawed`: they stand in the tables as well, for
 * whoever reads.
 */
export const archive = `
CREATE TABLE IF NOT EXISTS archive (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  parts INTEGER NOT NULL,
  archived_at INTEGER,
  is_thawed INTEGER NOT NULL
);
`;

/**
 * The tables whose rows move to the archive, in this order. What is small, and told in lists, stays: how it has ended, and
 * who takes part.
 */
export const archivedTables = [
  "messages",
  "turns",
  "attachments",
  "summaries",
  "notes",
  "hidden_texts",
  "log",
] as const;

/** What only an answer that is being written needs: nothing of it is left once a conversation is archived. */
export const passingTables = ["chunks", "turn_tools", "compactions", "insights", "origins"] as const;
