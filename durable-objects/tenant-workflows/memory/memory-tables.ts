/** A step of the tables: memories have owners. */
export const ownersOfMemories = `
-- Whose a memory is: a person's, who has talked with the instance; else the instance's own, told to everybody who talks
-- with it where it is shared. Null in both: it was kept before, by a run or by the instance's owner. It goes with the
-- conversation that it comes from.
ALTER TABLE memories ADD COLUMN person TEXT;
ALTER TABLE memories ADD COLUMN is_shared INTEGER;
ALTER TABLE memories ADD COLUMN conversation_id TEXT;
DROP INDEX memories_listed;
DROP INDEX memories_evicted;
CREATE INDEX memories_own ON memories (instance_id, created_at, id) WHERE person IS NULL;
CREATE INDEX memories_own_used ON memories (instance_id, uses, used_at, id) WHERE person IS NULL;
CREATE INDEX memories_of_person ON memories (instance_id, person, uses, used_at, id) WHERE person IS NOT NULL;
CREATE INDEX memories_of_people ON memories (instance_id, uses, used_at, id) WHERE person IS NOT NULL;
CREATE INDEX memories_of_conversation ON memories (conversation_id) WHERE conversation_id IS NOT NULL;
-- Conversations that were erased: nothing that comes late is kept of them.
CREATE TABLE forgotten_conversations (conversation_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
`;
