/**
 * What was read out of what persons have said: how they seemed to feel, topics (JSON) and a summary; and what of it is
 * still to be counted, which says of nobody.
 */
export const insightTables = `
CREATE TABLE IF NOT EXISTS insights (
  person_id TEXT NOT NULL,
  id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  sentiment REAL NOT NULL,
  language TEXT,
  topics TEXT NOT NULL,
  summary TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (person_id, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uncounted (number INTEGER PRIMARY KEY AUTOINCREMENT, events TEXT NOT NULL);
`;
