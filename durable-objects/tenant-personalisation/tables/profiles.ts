/** Profiles, what was learnt of persons, and what they have said lately. Parts are JSON as the wire has them. */
export const profileTables = `
CREATE TABLE IF NOT EXISTS profiles (
  person_id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  pages TEXT NOT NULL,
  location TEXT,
  preferences TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (
  person_id TEXT NOT NULL,
  id TEXT NOT NULL,
  text TEXT NOT NULL,
  conversation_id TEXT,
  message_id TEXT,
  confidence REAL NOT NULL,
  at INTEGER NOT NULL,
  expires_at INTEGER,
  uses INTEGER NOT NULL,
  PRIMARY KEY (person_id, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS context_events (
  person_id TEXT NOT NULL,
  id TEXT NOT NULL,
  conversation_id TEXT,
  content TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (person_id, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS context_events_at ON context_events (person_id, at);
`;
