/** What persons have said last of each purpose, and all that they have ever said. */
export const consentTables = `
CREATE TABLE IF NOT EXISTS consents (
  person_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  granted INTEGER NOT NULL,
  at INTEGER NOT NULL,
  text_version TEXT,
  source TEXT NOT NULL,
  PRIMARY KEY (person_id, purpose)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS consent_log (
  person_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  granted INTEGER NOT NULL,
  at INTEGER NOT NULL,
  text_version TEXT,
  source TEXT NOT NULL,
  PRIMARY KEY (person_id, number)
) WITHOUT ROWID;
`;
