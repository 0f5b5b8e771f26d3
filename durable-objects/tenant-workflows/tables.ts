/** Tables of a tenant's workflow object. `IF NOT EXISTS` makes opening an object idempotent. */
export const tables = `
CREATE TABLE IF NOT EXISTS runs (
  id TEXT PRIMARY KEY,
  status TEXT NOT NULL,
  user_id TEXT NOT NULL,
  instance_id TEXT,
  header TEXT NOT NULL,
  body TEXT NOT NULL,
  wake_at INTEGER
);
CREATE INDEX IF NOT EXISTS runs_instance ON runs (instance_id) WHERE status IN ('pending', 'running', 'paused');
CREATE INDEX IF NOT EXISTS runs_wake ON runs (wake_at) WHERE wake_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS steps (
  run_id TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (run_id, name)
) WITHOUT ROWID;

-- send_at: when the task must be put on its queue (again); null when it needs no sending.
CREATE TABLE IF NOT EXISTS tasks (
  id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL,
  state TEXT NOT NULL,
  claimed_until INTEGER,
  send_at INTEGER,
  deliveries INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS tasks_run ON tasks (run_id);
CREATE INDEX IF NOT EXISTS tasks_send ON tasks (send_at) WHERE send_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  event TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  owner_user_id TEXT,
  data TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS events_entity ON events (entity_id, seq);

CREATE TABLE IF NOT EXISTS appended (id TEXT PRIMARY KEY, at INTEGER NOT NULL);

-- Copies for the read models; a newer copy of the same thing takes the older one's place.
CREATE TABLE IF NOT EXISTS outbox (key TEXT PRIMARY KEY, version INTEGER NOT NULL, message TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS idempotency (
  key TEXT PRIMARY KEY,
  body_digest TEXT NOT NULL,
  run_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS idempotency_expires ON idempotency (expires_at);

-- published: the number of the last event handed to the hub.
CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
INSERT OR IGNORE INTO marks (name, value) VALUES ('published', 0);

-- The object's own name: an object woken by its alarm is not told.
CREATE TABLE IF NOT EXISTS identity (only INTEGER PRIMARY KEY CHECK (only = 1), name TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS memories (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  instance_id TEXT NOT NULL,
  type TEXT NOT NULL,
  content TEXT NOT NULL,
  metadata TEXT NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS memories_instance ON memories (instance_id, created_at);
CREATE VIRTUAL TABLE IF NOT EXISTS memories_text USING fts5 (content, content='memories', content_rowid='id');
`;
