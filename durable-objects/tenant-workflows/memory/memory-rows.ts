import { type Memory, type MemoryOwner, ownersOfInstance } from "#src/objects/memory.ts";

export type MemoryRow = {
  id: number;
  instance_id: string;
  owner: MemoryOwner;
  type: string;
  content: string;
  metadata: string;
  created_at: number;
  uses: number;
  used_at: number;
};

/** A row as a memory. */
export const parse = (row: MemoryRow): Memory => ({
  id: row.id,
  instanceId: row.instance_id,
  owner: row.owner,
  type: row.type,
  content: row.content,
  metadata: JSON.parse(row.metadata),
  createdAt: row.created_at,
  uses: row.uses,
  usedAt: row.used_at,
});

/** A memory's columns. Of those that were kept before memories had owners, a run's is the instance owner's. */
export const ownerColumn = `coalesce(m.person, CASE coalesce(m.is_shared, json_extract(m.metadata, '$.run') IS NULL)
  WHEN 1 THEN 'shared' ELSE 'owner' END)`;
/** What a memory is read from. */
export const columns = `m.id, m.instance_id, ${ownerColumn} AS owner, m.type, m.content, m.metadata, m.created_at, m.uses, m.used_at`;
/** That it is of some owners, given as JSON. */
export const isOfOwners = `${ownerColumn} IN (SELECT value FROM json_each(?))`;

/** Whether what somebody owns is the instance's own. */
export const isInstances = (owner: MemoryOwner): boolean => ownersOfInstance.some((own) => own === owner);
