/** Which items were shown at all, by day: a row for each, however often it was. */
export const coverageTables = `
CREATE TABLE IF NOT EXISTS shown_items (day INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (day, number)) WITHOUT ROWID;
`;
