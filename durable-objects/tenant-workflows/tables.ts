import { ownersOfMemories } from "./memory/memory-tables.ts";
import { runsOfConversations } from "./runs/conversation-runs.ts";

/** The first form of the tables. `IF NOT EXISTS`: objects made before versions were counted have them already. */
const first = `
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
`;

const childRunsAndRetention = `
-- A child run keeps only its own part of the header; the rest is that of root_id.
ALTER TABLE runs ADD COLUMN parent_task TEXT;
ALTER TABLE runs ADD COLUMN root_id TEXT;
ALTER TABLE runs ADD COLUMN completed_at INTEGER;
CREATE INDEX runs_parent ON runs (parent_task) WHERE parent_task IS NOT NULL;
CREATE INDEX runs_root ON runs (root_id) WHERE root_id IS NOT NULL;
CREATE INDEX runs_active ON runs (status) WHERE status IN ('pending', 'running', 'paused') AND root_id IS NULL;
CREATE INDEX runs_completed ON runs (completed_at) WHERE completed_at IS NOT NULL AND root_id IS NULL;
UPDATE runs SET completed_at = json_extract(body, '$.completedAt');
INSERT OR IGNORE INTO marks (name, value) VALUES ('ignored_reports', 0);
`;

const memories = `
DROP TABLE IF EXISTS memories_text;
DROP TABLE IF EXISTS memories;
CREATE TABLE memories (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  instance_id TEXT NOT NULL,
  type TEXT NOT NULL,
  content TEXT NOT NULL,
  metadata TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  uses INTEGER NOT NULL DEFAULT 0,
  used_at INTEGER NOT NULL
);
CREATE INDEX memories_listed ON memories (instance_id, created_at, id);
CREATE INDEX memories_evicted ON memories (instance_id, uses, used_at, id);
-- The owner is part of the index, so that a search costs no more when other instances remember much.
CREATE VIRTUAL TABLE memories_text USING fts5 (owner, content);
-- Memories whose vector must be made or removed; written only where vectors are kept.
CREATE TABLE memory_changes (id INTEGER PRIMARY KEY AUTOINCREMENT, memory_id INTEGER NOT NULL, instance_id TEXT NOT NULL);
`;

const queueOfEachTask = `
-- A task that waits to be sent is in one index, one that is with a queue or a consumer in the other.
ALTER TABLE tasks ADD COLUMN queue TEXT NOT NULL DEFAULT 'agent-tasks-normal';
DROP INDEX tasks_send;
CREATE INDEX tasks_waiting ON tasks (queue, send_at) WHERE send_at IS NOT NULL AND deliveries = 0;
CREATE INDEX tasks_out ON tasks (queue, send_at) WHERE send_at IS NOT NULL AND deliveries > 0;
`;

const confirmedOutbox = `
-- A copy stays until the read model has it: a queue may forget. The numbers say what has been sent.
CREATE TABLE copies (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  message TEXT NOT NULL
);
INSERT INTO copies (key, version, message) SELECT key, version, message FROM outbox;
DROP TABLE outbox;
`;

const embeddingModels = `
-- Which model reads a memory for the index of meanings; null for the one that reads unless told otherwise.
ALTER TABLE memories ADD COLUMN embedding_model TEXT;
`;

const headersApart = `
-- What never changes about a run has a row of its own: the row of its state is written with every event, and both
-- together could be larger than a row may be.
CREATE TABLE headers (run_id TEXT PRIMARY KEY, header TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO headers (run_id, header) SELECT id, header FROM runs;
ALTER TABLE runs DROP COLUMN header;
`;

const answersByKey = `
-- What came of an answer that was given with this key: the run's status after it.
ALTER TABLE idempotency ADD COLUMN outcome TEXT;
`;

const placesByTopic = `
-- Places on a queue are counted by topic and shared among users. Tasks of before have neither: they share one place.
ALTER TABLE tasks ADD COLUMN topic TEXT NOT NULL DEFAULT '';
ALTER TABLE tasks ADD COLUMN user_id TEXT NOT NULL DEFAULT '';
CREATE INDEX tasks_waiting_lines ON tasks (queue, topic, user_id, send_at) WHERE send_at IS NOT NULL AND deliveries = 0;
CREATE INDEX tasks_out_lines ON tasks (queue, topic, user_id) WHERE send_at IS NOT NULL AND deliveries > 0;
`;

const historyOfRuns = `
-- Each index costs a row with every row written. Runs of an instance are found among the active ones, tasks of a run by
-- their ids, which begin with the run's. What is out is told by its deliveries alone, so that a lease moves no index.
-- First of all: an object that is full has room for what follows then.
DROP INDEX runs_instance;
DROP INDEX tasks_run;
DROP INDEX tasks_waiting;
DROP INDEX tasks_out;
DROP INDEX tasks_out_lines;
DROP INDEX runs_active;

-- What lists say of a run, for as long as the tenant is there: written when its status changes. The columns have the
-- names of what a copy for D1 says.
CREATE TABLE history (
  user_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  correlation_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  instance_id TEXT,
  project_id TEXT,
  template_id TEXT,
  status TEXT NOT NULL,
  current_step TEXT,
  fuel_budget INTEGER NOT NULL,
  fuel_spent INTEGER NOT NULL,
  tokens_in INTEGER NOT NULL,
  tokens_out INTEGER NOT NULL,
  cost_micros INTEGER NOT NULL,
  error_code TEXT,
  error_message TEXT,
  updated_at INTEGER NOT NULL,
  completed_at INTEGER,
  PRIMARY KEY (user_id, created_at, correlation_id)
) WITHOUT ROWID;
CREATE INDEX history_instance ON history (instance_id, created_at, correlation_id);
CREATE INDEX history_instance_ended ON history (instance_id, completed_at, correlation_id) WHERE completed_at IS NOT NULL;
-- What a user has completed since a time.
CREATE INDEX history_user_completed ON history (user_id, completed_at) WHERE status = 'completed';

-- Finished attempts of tasks, with what they cost.
CREATE TABLE attempts (
  instance_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  correlation_id TEXT NOT NULL,
  step_name TEXT NOT NULL,
  agent_type TEXT NOT NULL,
  action TEXT NOT NULL,
  model TEXT,
  fuel INTEGER NOT NULL,
  tokens_in INTEGER NOT NULL,
  tokens_out INTEGER NOT NULL,
  cost_micros INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  success INTEGER NOT NULL,
  error_code TEXT,
  PRIMARY KEY (instance_id, created_at, id)
) WITHOUT ROWID;
CREATE INDEX attempts_images ON attempts (instance_id, created_at, id) WHERE agent_type = 'image-generator' AND success = 1;

-- What ended runs come to. subject: an instance (day 0), or the tenant by the day (since 1970-01-01) on which they began.
CREATE TABLE run_totals (
  subject TEXT NOT NULL,
  day INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  completed INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  ran_ms INTEGER NOT NULL,
  fuel INTEGER NOT NULL,
  PRIMARY KEY (subject, day)
) WITHOUT ROWID;
`;

const fewerRows = `
-- When a run ended that this build or a later one has written. \`completed_at\` stays null: the retention of an older
-- build goes by it, and would archive a run without the steps and tasks that its body holds now.
ALTER TABLE runs ADD COLUMN ended_at INTEGER;
CREATE INDEX runs_ended ON runs (ended_at) WHERE ended_at IS NOT NULL AND root_id IS NULL;
-- Runs that go on, of all and of one user.
CREATE INDEX runs_active_of_user ON runs (user_id) WHERE status IN ('pending', 'running', 'paused') AND root_id IS NULL;
CREATE INDEX tasks_away ON tasks (queue, topic, user_id) WHERE deliveries > 0;
-- What one write has told about one thing: its events, numbered from first_seq. Older ones stay in \`events\`.
CREATE TABLE event_blocks (
  first_seq INTEGER PRIMARY KEY,
  last_seq INTEGER NOT NULL,
  entity_id TEXT NOT NULL,
  events TEXT NOT NULL
);
CREATE INDEX event_blocks_entity ON event_blocks (entity_id, first_seq);
-- Copies for the read models: what \`copies\` was, at a row for each instead of three.
CREATE TABLE unconfirmed (key TEXT PRIMARY KEY, version INTEGER NOT NULL, message TEXT NOT NULL) WITHOUT ROWID;
`;

const retryingTasks = `
-- Tasks that wait for another attempt have been sent -1 times: they are counted among those that are open.
CREATE INDEX tasks_retrying ON tasks (queue, topic) WHERE deliveries < 0;
`;

const usageOfDays = `
-- What the runs that ended on the day have used, told by hour, persona, step, model and agent type (src/objects/usage-day.ts):
-- in the rows of the tenant, whose day is the one on which a run ended from here on, and in those of a user (user:<id>).
ALTER TABLE run_totals ADD COLUMN usage TEXT;
`;

const webhookFeeds = `
-- Endpoints of webhooks: the events (JSON) that each wants, and the number of the last one that it has been given or
-- does not want.
CREATE TABLE webhook_feeds (
  webhook_id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  events TEXT NOT NULL,
  through INTEGER NOT NULL
) WITHOUT ROWID;
`;

const endedTurns = `
-- Runs of conversations' turns that have ended, until the conversation has heard of it.
CREATE TABLE ended_turns (run_id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, ended TEXT NOT NULL) WITHOUT ROWID;
`;

/** One step of the tables. Never edited after a release; what a new one may do, `tests/house/object-tables.test.ts` says. */
export interface TableStep {
  sql: string;
  /** Something in the database's schema that only this step makes: how one is known that was not counted. */
  mark: string;
}

/** In order. */
export const tableSteps: readonly TableStep[] = [
  { sql: first, mark: "identity" },
  { sql: childRunsAndRetention, mark: "runs_parent" },
  { sql: memories, mark: "memory_changes" },
  { sql: queueOfEachTask, mark: "tasks_waiting" },
  { sql: confirmedOutbox, mark: "copies" },
  { sql: embeddingModels, mark: "embedding_model" },
  { sql: headersApart, mark: "headers" },
  { sql: answersByKey, mark: "outcome TEXT" },
  { sql: placesByTopic, mark: "tasks_waiting_lines" },
  { sql: historyOfRuns, mark: "history_user_completed" },
  { sql: fewerRows, mark: "event_blocks" },
  { sql: retryingTasks, mark: "tasks_retrying" },
  { sql: usageOfDays, mark: "usage TEXT" },
  { sql: webhookFeeds, mark: "webhook_feeds" },
  { sql: endedTurns, mark: "ended_turns" },
  { sql: ownersOfMemories, mark: "memories_of_people" },
  { sql: runsOfConversations, mark: "conversation_runs" },
];
