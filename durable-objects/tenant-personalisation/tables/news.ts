/** What the tenant's log is to be told, until it has heard it. No number is used twice: it names the event. */
export const newsTables = `
CREATE TABLE IF NOT EXISTS news (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  person_id TEXT NOT NULL,
  event TEXT NOT NULL,
  data TEXT NOT NULL
);
`;
