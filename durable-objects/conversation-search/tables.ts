/**
 * What is found of a tenant's conversations. `number` is a message's time with a counter behind it, so that the newest
 * come first without sorting; the indexes take their texts from `messages`. `erased` remembers conversations of which
 * nothing may come back.
 */
const first = `
CREATE TABLE IF NOT EXISTS messages (
  number INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL UNIQUE,
  conversation_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  owner TEXT NOT NULL,
  seq INTEGER NOT NULL,
  role TEXT NOT NULL,
  text TEXT NOT NULL,
  revision INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_conversation ON messages (conversation_id);
CREATE INDEX IF NOT EXISTS messages_owner ON messages (owner_id, number);
CREATE TABLE IF NOT EXISTS erased (conversation_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
  text, owner, content='messages', content_rowid='number', tokenize='unicode61 remove_diacritics 2', prefix='2 3'
);
CREATE VIRTUAL TABLE IF NOT EXISTS parts USING fts5(
  text, owner, content='messages', content_rowid='number', tokenize='trigram'
);
`;

/** In order. Never edited after a release, and only ever expanding: a build that is rolled back to works on them. */
export const tableSteps: readonly string[] = [first];
