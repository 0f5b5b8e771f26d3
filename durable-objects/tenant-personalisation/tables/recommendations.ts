/** What was learnt, of which there are two sides: one is in use while the other is built anew. What is empty is null. */
const side = (name: "a" | "b") => `
CREATE TABLE IF NOT EXISTS lists_${name} (number INTEGER PRIMARY KEY, neighbours BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS figures_${name} (
  number INTEGER PRIMARY KEY,
  likes REAL NOT NULL,
  views INTEGER NOT NULL,
  clicks INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS persons_${name} (
  person_id TEXT PRIMARY KEY,
  liked BLOB,
  seen BLOB,
  filter BLOB,
  kept INTEGER NOT NULL
);`;

/**
 * The catalogue, what persons did with it, and what was learnt from that. `interactions` of nobody in particular have an
 * empty person; those that wait for their item have a time until when. Times are epoch milliseconds.
 */
export const recommendationTables = `
CREATE TABLE IF NOT EXISTS items (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  content TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS interactions (
  person_id TEXT NOT NULL,
  id TEXT NOT NULL,
  item_id TEXT NOT NULL,
  type TEXT NOT NULL,
  value REAL,
  at INTEGER NOT NULL,
  request_id TEXT,
  waits_until INTEGER,
  PRIMARY KEY (person_id, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS interactions_waiting ON interactions (waits_until) WHERE waits_until IS NOT NULL;
${side("a")}
${side("b")}
CREATE TABLE IF NOT EXISTS figures_nobody (
  number INTEGER PRIMARY KEY,
  likes REAL NOT NULL,
  views INTEGER NOT NULL,
  clicks INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS learning (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  side TEXT NOT NULL,
  rebuild TEXT,
  due_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS list_requests (
  request_id TEXT PRIMARY KEY,
  algorithm TEXT NOT NULL,
  day INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS list_quality (
  day INTEGER NOT NULL,
  algorithm TEXT NOT NULL,
  lists INTEGER NOT NULL,
  impressions INTEGER NOT NULL,
  clicks INTEGER NOT NULL,
  PRIMARY KEY (day, algorithm)
) WITHOUT ROWID;
`;
