/** When persons have had all of theirs exported; without an end it is under way. */
export const exportTables = `
CREATE TABLE IF NOT EXISTS data_exports (
  person_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  begun_at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (person_id, number)
) WITHOUT ROWID;
`;
