/**
 * An endpoint's tables. `number` is the order in which messages came; `next_at` is when a message is to be tried, null
 * once it is over; `failures` counts since `since`, when it came or was last asked for again.
 */
export const tables = `
CREATE TABLE IF NOT EXISTS deliveries (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  event TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  body TEXT NOT NULL,
  is_test INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  failures INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  next_at INTEGER,
  since INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  ended_at INTEGER
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (next_at, number) WHERE next_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS deliveries_entity ON deliveries (entity_id, number) WHERE next_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS attempts (
  delivery INTEGER NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  url TEXT NOT NULL,
  status INTEGER,
  answer TEXT,
  failure TEXT,
  PRIMARY KEY (delivery, number)
) WITHOUT ROWID;
`;
