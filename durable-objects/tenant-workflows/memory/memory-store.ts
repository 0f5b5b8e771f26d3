import type { Position } from "#src/http/page.ts";
import { type Candidate, fullTextQuery, indexedText, ownerKey, reasoningPattern } from "#src/memory/index.ts";
import {
  type Memory,
  type MemoryEdit,
  type MemoryOwner,
  type MemoryQuery,
  type NewMemory,
  ownersOfInstance,
} from "#src/objects/memory.ts";
import type { Metrics } from "#src/observability/metrics/metrics.ts";
import { tooMany } from "./memory-bounds.ts";
import { columns, isInstances, isOfOwners, type MemoryRow, ownerColumn, parse } from "./memory-rows.ts";

/** Candidates looked at beyond those asked for, so that recency can move one forward. */
const candidatesPerResult = 4;

/** That a memory was kept, changed or removed. */
export interface MemoryChange {
  change: number;
  id: number;
  instanceId: string;
  owner: MemoryOwner;
  content: string | null;
  embeddingModel: string | null;
}

/** What persona instances remember: rows, their full text, and the changes that a semantic index has yet to follow. */
export class MemoryStore {
  readonly #sql: SqlStorage;
  /** Whether changes are noted for a semantic index. */
  readonly #noted: boolean;
  readonly #metrics: Metrics;

  constructor(sql: SqlStorage, noted: boolean, metrics: Metrics) {
    this.#sql = sql;
    this.#noted = noted;
    this.#metrics = metrics;
    // Of an index that is not bound any more; nobody would follow.
    if (!noted) sql.exec("DELETE FROM memory_changes");
  }

  /** Keeps a memory; beyond `maxMemories` the least used of its owner go, the oldest of them first. */
  put(
    instanceId: string,
    { owner = "owner", type, content, metadata, embeddingModel, conversationId = null }: NewMemory,
    maxMemories: number,
    now: number,
  ): Memory {
    const person = isInstances(owner) ? null : owner;
    const { id } = this.#sql
      .exec<{ id: number }>(
        `INSERT INTO memories (instance_id, person, is_shared, conversation_id, type, content, metadata, created_at,
           used_at, embedding_model)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
        instanceId,
        person,
        owner === "shared" ? 1 : 0,
        conversationId,
        type,
        content,
        JSON.stringify(metadata),
        now,
        now,
        embeddingModel ?? null,
      )
      .one();
    this.#sql.exec(
      "INSERT INTO memories_text (rowid, owner, content) VALUES (?, ?, ?)",
      id,
      ownerKey(instanceId, owner),
      indexedText(content),
    );
    this.#note({ id, instance_id: instanceId });
    for (const row of tooMany(this.#sql, { instanceId, person, maxMemories, newest: id })) this.#drop(row);
    this.#metrics.count("ai_persona_memories_stored_total", {});
    return { id, instanceId, owner, type, content, metadata, createdAt: now, uses: 0, usedAt: now };
  }

  /** A memory of some owners; what the instance's owner sees, unless something else is said. */
  find(
    instanceId: string,
    id: number,
    owners: readonly MemoryOwner[] = ownersOfInstance,
  ): Memory | undefined {
    const [row] = this.#sql
      .exec<MemoryRow>(
        `SELECT ${columns} FROM memories m WHERE m.id = ? AND m.instance_id = ? AND ${isOfOwners}`,
        id,
        instanceId,
        JSON.stringify(owners),
      )
      .toArray();
    return row && parse(row);
  }

  /** Changes what is given; undefined when there is no such memory. */
  change(instanceId: string, id: number, change: MemoryEdit): Memory | undefined {
    const before = this.find(instanceId, id);
    if (!before) return undefined;
    const { owner, type, content, metadata } = { ...before, ...change };
    this.#sql.exec(
      "UPDATE memories SET is_shared = ?, type = ?, content = ?, metadata = ? WHERE id = ?",
      owner === "shared" ? 1 : 0,
      type,
      content,
      JSON.stringify(metadata),
      id,
    );
    if (content !== before.content || owner !== before.owner) {
      this.#sql.exec(
        "UPDATE memories_text SET owner = ?, content = ? WHERE rowid = ?",
        ownerKey(instanceId, owner),
        indexedText(content),
        id,
      );
      this.#note({ id, instance_id: instanceId });
    }
    return { ...before, owner, type, content, metadata };
  }

  /** Changes what is noted with a memory, whosever it is. */
  annotate(instanceId: string, id: number, metadata: Record<string, unknown>): void {
    const text = JSON.stringify(metadata);
    this.#sql.exec("UPDATE memories SET metadata = ? WHERE id = ? AND instance_id = ?", text, id, instanceId);
  }

  /** How a run has reasoned, the newest first. */
  patternsOf(instanceId: string, run: { id: string; createdAt: number }): Memory[] {
    return this.#sql
      .exec<MemoryRow>(
        `SELECT ${columns} FROM memories m WHERE m.instance_id = ? AND m.created_at >= ? AND m.type = ?
           AND json_extract(m.metadata, '$.run') = ? ORDER BY m.id DESC`,
        instanceId,
        run.createdAt,
        reasoningPattern,
        run.id,
      )
      .toArray()
      .map(parse);
  }

  /** Whether there was anything to remove of some owners; of what the instance's owner sees, unless something else is said. */
  remove(instanceId: string, id: number, owners?: readonly MemoryOwner[]): boolean {
    if (!this.find(instanceId, id, owners)) return false;
    this.#drop({ id, instance_id: instanceId });
    return true;
  }

  /** Removes what comes from a conversation, and keeps nothing of it that comes late. Returns how many memories that were. */
  forget(conversationId: string, now: number): number {
    this.#sql.exec(
      "INSERT OR IGNORE INTO forgotten_conversations (conversation_id, at) VALUES (?, ?)",
      conversationId,
      now,
    );
    const rows = this.#sql
      .exec<{ id: number; instance_id: string }>(
        "SELECT id, instance_id FROM memories WHERE conversation_id = ?",
        conversationId,
      )
      .toArray();
    for (const row of rows) this.#drop(row);
    return rows.length;
  }

  /** Whether a conversation was erased. */
  isForgotten(conversationId: string): boolean {
    const found = this.#sql.exec(
      "SELECT 1 FROM forgotten_conversations WHERE conversation_id = ?",
      conversationId,
    );
    return found.toArray().length > 0;
  }

  /** Removes all that an instance remembers; returns how many memories that were. */
  removeAll(instanceId: string): number {
    const ofInstance = "FROM memories WHERE instance_id = ?";
    const { n } = this.#sql.exec<{ n: number }>(`SELECT count(*) AS n ${ofInstance}`, instanceId).one();
    if (n === 0) return 0;
    if (this.#noted) {
      this.#sql.exec(
        `INSERT INTO memory_changes (memory_id, instance_id) SELECT id, instance_id ${ofInstance}`,
        instanceId,
      );
    }
    this.#sql.exec(`DELETE FROM memories_text WHERE rowid IN (SELECT id ${ofInstance})`, instanceId);
    this.#sql.exec(`DELETE ${ofInstance}`, instanceId);
    return n;
  }

  /** What an instance's owner sees of its memories, or those of one person, newest first; one more than the limit when there are more. */
  page(
    instanceId: string,
    {
      after,
      limit,
      type,
      owner = "owner",
    }: { after?: Position; limit: number; type?: string; owner?: MemoryOwner },
  ): Memory[] {
    const [time, id] = after ?? [Number.MAX_SAFE_INTEGER, ""];
    const [filter, values] = type === undefined ? ["", []] : ["AND m.type = ?", [type]];
    const [whose, person] = isInstances(owner) ? ["m.person IS NULL", []] : ["m.person = ?", [owner]];
    return this.#sql
      .exec<MemoryRow>(
        `SELECT ${columns} FROM memories m
         WHERE m.instance_id = ? AND ${whose} AND (m.created_at, m.id) < (?, ?) ${filter}
         ORDER BY m.created_at DESC, m.id DESC LIMIT ?`,
        instanceId,
        ...person,
        time,
        id === "" ? Number.MAX_SAFE_INTEGER : Number(id),
        ...values,
        limit + 1,
      )
      .toArray()
      .map(parse);
  }

  /** Memories with words of the text, by BM25. */
  withWordsOf({ instanceId, owners = ownersOfInstance, text, limit, types }: MemoryQuery): Candidate[] {
    const query = fullTextQuery(instanceId, owners, text);
    if (query === undefined) return [];
    const wanted = JSON.stringify(types);
    return this.#sql
      .exec<MemoryRow & { rank: number }>(
        `SELECT ${columns}, bm25(memories_text, 0.0, 1.0) AS rank
         FROM memories_text t JOIN memories m ON m.id = t.rowid
         WHERE memories_text MATCH ? AND m.instance_id = ? AND ${isOfOwners}
           AND (json_array_length(?) = 0 OR m.type IN (SELECT value FROM json_each(?)))
         ORDER BY rank LIMIT ?`,
        query,
        instanceId,
        JSON.stringify(owners),
        wanted,
        wanted,
        limit * candidatesPerResult,
      )
      .toArray()
      .map(({ rank, ...row }) => ({ memory: parse(row), text: -rank, meaning: null }));
  }

  /** Notes that memories were recalled. */
  used(memories: readonly Pick<Memory, "id">[], now: number): void {
    if (memories.length === 0) return;
    this.#sql.exec(
      "UPDATE memories SET uses = uses + 1, used_at = ? WHERE id IN (SELECT value FROM json_each(?))",
      now,
      JSON.stringify(memories.map(({ id }) => id)),
    );
  }

  count(): number {
    return this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM memories").one().n;
  }

  /** Changes that the semantic index has yet to follow; a memory that is gone has no content. */
  changes(limit: number): MemoryChange[] {
    return this.#sql
      .exec<Omit<MemoryChange, "instanceId"> & { instance_id: string }>(
        `SELECT c.id AS change, c.memory_id AS id, c.instance_id, ${ownerColumn} AS owner, m.content,
           m.embedding_model AS embeddingModel
         FROM memory_changes c LEFT JOIN memories m ON m.id = c.memory_id ORDER BY c.id LIMIT ?`,
        limit,
      )
      .toArray()
      .map(({ instance_id, ...row }) => ({ ...row, instanceId: instance_id }));
  }

  followed(lastChange: number): void {
    this.#sql.exec("DELETE FROM memory_changes WHERE id <= ?", lastChange);
  }

  /** Puts a change behind all others. */
  postpone({ change }: { change: number }): void {
    this.#sql.exec(
      "UPDATE memory_changes SET id = (SELECT max(id) + 1 FROM memory_changes) WHERE id = ?",
      change,
    );
  }

  #note({ id, instance_id }: Pick<MemoryRow, "id" | "instance_id">): void {
    if (this.#noted)
      this.#sql.exec("INSERT INTO memory_changes (memory_id, instance_id) VALUES (?, ?)", id, instance_id);
  }

  #drop(row: Pick<MemoryRow, "id" | "instance_id">): void {
    this.#sql.exec("DELETE FROM memories WHERE id = ?", row.id);
    this.#sql.exec("DELETE FROM memories_text WHERE rowid = ?", row.id);
    this.#note(row);
  }
}
