import { archive } from "./archive-tables.ts";

/**
 * The first step of a conversation's tables. They are made when it begins: an object that is asked for what never was leaves nothing
 * behind. `on_path` marks the messages from the active leaf up; `wants_reply` those that a turn is to answer; `digest`
 * is of what came with a sender's own word, `client_message_id`. `earlier` holds what stood in a message before it was corrected. `chunks` holds the text of answers that are being
 * written, and nothing else.
 */
const first = `
CREATE TABLE IF NOT EXISTS conversation (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  owner_kind TEXT NOT NULL,
  instance_id TEXT NOT NULL,
  title TEXT,
  metadata TEXT NOT NULL,
  persona TEXT NOT NULL,
  status TEXT NOT NULL,
  holder TEXT NOT NULL,
  admin_id TEXT,
  holder_epoch INTEGER NOT NULL,
  active_leaf TEXT,
  last_seq INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  last_message_at INTEGER,
  ended_at INTEGER,
  erased_at INTEGER,
  revision INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS messages (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  client_message_id TEXT,
  digest TEXT,
  parent_id TEXT,
  depth INTEGER NOT NULL,
  on_path INTEGER NOT NULL,
  role TEXT NOT NULL,
  sender_id TEXT NOT NULL,
  content TEXT NOT NULL,
  parts TEXT,
  status TEXT NOT NULL,
  wants_reply INTEGER NOT NULL,
  turn_id TEXT,
  model TEXT,
  usage TEXT,
  error TEXT,
  earlier TEXT,
  edited_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS messages_client ON messages (sender_id, client_message_id) WHERE client_message_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS messages_path ON messages (seq) WHERE on_path = 1;
CREATE INDEX IF NOT EXISTS messages_calling ON messages (seq)
  WHERE on_path = 1 AND (wants_reply = 1 OR role IN ('assistant', 'agent'));
CREATE INDEX IF NOT EXISTS messages_agents ON messages (seq) WHERE role = 'agent';
CREATE INDEX IF NOT EXISTS messages_parent ON messages (parent_id);
CREATE TABLE IF NOT EXISTS turns (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  answers_to TEXT NOT NULL,
  message_id TEXT NOT NULL,
  run_id TEXT,
  epoch INTEGER NOT NULL,
  status TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  error TEXT,
  began_at INTEGER NOT NULL,
  ended_at INTEGER
);
CREATE INDEX IF NOT EXISTS turns_answers ON turns (answers_to, number);
CREATE UNIQUE INDEX IF NOT EXISTS turns_running ON turns (status) WHERE status = 'running';
CREATE TABLE IF NOT EXISTS chunks (
  turn_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (turn_id, attempt, position)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS participants (
  person_id TEXT PRIMARY KEY,
  joined_at INTEGER NOT NULL,
  delivered_seq INTEGER NOT NULL,
  read_seq INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log (
  seq INTEGER PRIMARY KEY,
  event TEXT NOT NULL,
  data TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS outbox (
  turn_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  failures INTEGER NOT NULL,
  since INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  PRIMARY KEY (turn_id, kind)
) WITHOUT ROWID;
`;

/** What calls of tools of the turn that is running have come to, as far as it has been told. */
const tools = `
CREATE TABLE IF NOT EXISTS turn_tools (
  turn_id TEXT NOT NULL,
  call TEXT NOT NULL,
  status TEXT NOT NULL,
  PRIMARY KEY (turn_id, call)
) WITHOUT ROWID;
`;

/**
 * What comes with messages. `state` is `pending` until the bytes are stored, then `ready`, `attached` once a message has
 * it, `gone` when it is to be removed. A message keeps what its attachments are, so that it is read with one row.
 */
const attachments = `
CREATE TABLE IF NOT EXISTS attachments (
  id TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  width INTEGER,
  height INTEGER,
  pages INTEGER,
  text_bytes INTEGER,
  state TEXT NOT NULL,
  uploaded_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS attachments_content ON attachments (uploaded_by, sha256) WHERE state <> 'gone';
CREATE INDEX IF NOT EXISTS attachments_uploads ON attachments (uploaded_by, created_at);
CREATE INDEX IF NOT EXISTS attachments_waiting ON attachments (created_at) WHERE state <> 'attached';
ALTER TABLE messages ADD COLUMN attachments TEXT;
CREATE INDEX IF NOT EXISTS messages_attached ON messages (seq) WHERE attachments IS NOT NULL;
`;

/**
 * Summaries of what was said, up to a message; those that are being made; and what the newest answer has told about the
 * tokens that it has read (JSON).
 */
const summaries = `
CREATE TABLE IF NOT EXISTS summaries (
  id TEXT PRIMARY KEY,
  up_to TEXT NOT NULL,
  up_to_seq INTEGER NOT NULL,
  text TEXT NOT NULL,
  tokens INTEGER NOT NULL,
  model TEXT NOT NULL,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS compactions (id TEXT PRIMARY KEY, up_to TEXT NOT NULL, began_at INTEGER NOT NULL) WITHOUT ROWID;
ALTER TABLE conversation ADD COLUMN reading TEXT;
`;

/**
 * The staff's notes stand apart from what the owner may see, with numbers of their own; the text of a hidden message
 * stands apart from the message. `endings` are the times that a conversation has ended, each with what its owner says.
 */
const judged = `
ALTER TABLE messages ADD COLUMN feedback TEXT;
CREATE TABLE IF NOT EXISTS notes (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  sender_id TEXT NOT NULL,
  client_message_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  content TEXT NOT NULL,
  after_seq INTEGER NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS notes_client ON notes (sender_id, client_message_id);
CREATE TABLE IF NOT EXISTS hidden_texts (
  message_id TEXT PRIMARY KEY,
  content TEXT NOT NULL,
  parts TEXT NOT NULL,
  attachments TEXT NOT NULL,
  reason TEXT NOT NULL,
  hidden_by TEXT,
  hidden_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS endings (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  ended_at INTEGER NOT NULL,
  asks INTEGER NOT NULL,
  score INTEGER,
  comment TEXT,
  said_at INTEGER
);
`;

/** `told`: how it stood when its tenant was last told of it; `telling`: what is being told, until it is heard. */
const tenant = `
ALTER TABLE conversation ADD COLUMN told TEXT;
ALTER TABLE conversation ADD COLUMN telling TEXT;
`;

/** `search_due` counts what has changed of a message that the tenant's search does not know yet. */
const search = `
ALTER TABLE messages ADD COLUMN search_due INTEGER NOT NULL DEFAULT 1;
CREATE INDEX IF NOT EXISTS messages_search ON messages (seq) WHERE search_due > 0;
`;

/** `beginning`: what search knows of a document. */
const documents = `
ALTER TABLE attachments ADD COLUMN beginning TEXT;
`;

/** `counted`: how far the log was counted, and what of it is still to be known. */
const counted = `
ALTER TABLE conversation ADD COLUMN counted TEXT;
`;

/** How far what the owner has said was read for moods and topics; from where what is not counted yet has come. */
const read = `
CREATE TABLE IF NOT EXISTS insights (
  id TEXT PRIMARY KEY,
  from_seq INTEGER NOT NULL,
  up_to_seq INTEGER NOT NULL,
  began_at INTEGER NOT NULL,
  is_closed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS origins (seq INTEGER PRIMARY KEY, country TEXT, language TEXT);
`;

/** Messages that a rule has something to say of; `wants_reply`: whether one that is held is to be answered once it may stand. */
const marked = `
CREATE TABLE IF NOT EXISTS marks (
  message_id TEXT PRIMARY KEY,
  action TEXT NOT NULL,
  rule TEXT NOT NULL,
  wants_reply INTEGER NOT NULL,
  state TEXT NOT NULL,
  decided_by TEXT,
  marked_at INTEGER NOT NULL,
  decided_at INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS marks_open ON marks (action) WHERE state = 'open';
`;

/** Since when somebody of the staff holds it, from which message on, whether one waited, and how long they are waited for. */
const watched = `
CREATE TABLE IF NOT EXISTS watch (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  since INTEGER NOT NULL,
  from_seq INTEGER NOT NULL,
  was_due INTEGER NOT NULL,
  idle_seconds INTEGER NOT NULL
);
`;

/** Who holds it, or has let go of it last. */
const left = `
ALTER TABLE watch ADD COLUMN person TEXT;
`;

/** Of its owner's projects the one in which it was begun. */
const placed = `
ALTER TABLE conversation ADD COLUMN project_id TEXT;
`;

/** Whether somebody does not want to be told of what they have not read. */
const muted = `
ALTER TABLE participants ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;
`;

/** Who gives it a title, while they do; empty once it has one, or its owner has said something of that. */
const titled = `
ALTER TABLE conversation ADD COLUMN titling TEXT;
`;

/** In order. Never edited after a release, and only ever expanding: a build that is rolled back to works on them. */
export const tableSteps: readonly string[] = [
  first,
  tools,
  attachments,
  summaries,
  judged,
  tenant,
  search,
  counted,
  documents,
  read,
  marked,
  archive,
  watched,
  left,
  placed,
  muted,
  titled,
];
