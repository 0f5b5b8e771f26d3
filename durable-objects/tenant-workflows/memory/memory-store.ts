import type { Position } from "#src/http/page.ts";
import { type Candidate, fullTextQuery, indexedText } from "#src/memory/index.ts";
import type { Memory, MemoryQuery, NewMemory } from "#src/objects/memory.ts";
import type { Metrics } from "#src/observability/metrics/metrics.ts";

type MemoryRow = {
  id: number;
  instance_id: string;
  type: string;
  content: string;
  metadata: string;
  created_at: number;
  uses: number;
  used_at: number;
};

const parse = (row: MemoryRow): Memory => ({
  id: row.id,
  instanceId: row.instance_id,
  type: row.type,
  content: row.content,
  metadata: JSON.parse(row.metadata),
  createdAt: row.created_at,
  uses: row.uses,
  usedAt: row.used_at,
});

/** Candidates looked at beyond those asked for, so that recency can move one forward. */
const candidatesPerResult = 4;

/** That a memory was kept, changed or removed. */
export interface MemoryChange {
  change: number;
  id: number;
  instanceId: string;
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

  /** Keeps a memory; beyond `maxMemories` the least used go, the oldest of them first. */
  put(
    instanceId: string,
    { type, content, metadata, embeddingModel }: NewMemory,
    maxMemories: number,
    now: number,
  ): Memory {
    const row = this.#sql
      .exec<MemoryRow>(
        `INSERT INTO memories (instance_id, type, content, metadata, created_at, used_at, embedding_model)
         VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *`,
        instanceId,
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
      row.id,
      instanceId,
      indexedText(content),
    );
    this.#note(row);
    this.#evict(instanceId, maxMemories, row.id);
    this.#metrics.count("ai_persona_memories_stored_total", {});
    return parse(row);
  }

  find(instanceId: string, id: number): Memory | undefined {
    const [row] = this.#sql
      .exec<MemoryRow>("SELECT * FROM memories WHERE id = ? AND instance_id = ?", id, instanceId)
      .toArray();
    return row && parse(row);
  }

  /** Changes what is given; undefined when there is no such memory. */
  change(instanceId: string, id: number, change: Partial<NewMemory>): Memory | undefined {
    const before = this.find(instanceId, id);
    if (!before) return undefined;
    const { type, content, metadata } = { ...before, ...change };
    this.#sql.exec(
      "UPDATE memories SET type = ?, content = ?, metadata = ? WHERE id = ?",
      type,
      content,
      JSON.stringify(metadata),
      id,
    );
    if (content !== before.content) {
      this.#sql.exec("UPDATE memories_text SET content = ? WHERE rowid = ?", indexedText(content), id);
      this.#note({ id, instance_id: instanceId });
    }
    return { ...before, type, content, metadata };
  }

  /** Whether there was anything to remove. */
  remove(instanceId: string, id: number): boolean {
    if (!this.find(instanceId, id)) return false;
    this.#sql.exec("DELETE FROM memories WHERE id = ?", id);
    this.#sql.exec("DELETE FROM memories_text WHERE rowid = ?", id);
    this.#note({ id, instance_id: instanceId });
    return true;
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

  /** Memories of an instance, newest first; one more than the limit when there are more. */
  page(
    instanceId: string,
    { after, limit, type }: { after?: Position; limit: number; type?: string },
  ): Memory[] {
    const [time, id] = after ?? [Number.MAX_SAFE_INTEGER, ""];
    const [filter, values] = type === undefined ? ["", []] : ["AND type = ?", [type]];
    return this.#sql
      .exec<MemoryRow>(
        `SELECT * FROM memories WHERE instance_id = ? AND (created_at, id) < (?, ?) ${filter}
         ORDER BY created_at DESC, id DESC LIMIT ?`,
        instanceId,
        time,
        id === "" ? Number.MAX_SAFE_INTEGER : Number(id),
        ...values,
        limit + 1,
      )
      .toArray()
      .map(parse);
  }

  /** Memories with words of the text, by BM25. */
  withWordsOf({ instanceId, text, limit, types }: MemoryQuery): Candidate[] {
    const query = fullTextQuery(instanceId, text);
    if (query === undefined) return [];
    const wanted = JSON.stringify(types);
    return this.#sql
      .exec<MemoryRow & { rank: number }>(
        `SELECT m.*, bm25(memories_text, 0.0, 1.0) AS rank
         FROM memories_text t JOIN memories m ON m.id = t.rowid
         WHERE memories_text MATCH ?
           AND (json_array_length(?) = 0 OR m.type IN (SELECT value FROM json_each(?)))
         ORDER BY rank LIMIT ?`,
        query,
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
        `SELECT c.id AS change, c.memory_id AS id, c.instance_id, m.content, m.embedding_model AS embeddingModel
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

  #evict(instanceId: string, maxMemories: number, newest: number): void {
    const { n } = this.#sql
      .exec<{ n: number }>("SELECT count(*) AS n FROM memories WHERE instance_id = ?", instanceId)
      .one();
    if (n <= maxMemories) return;
    const old = this.#sql
      .exec<{ id: number }>(
        "SELECT id FROM memories WHERE instance_id = ? AND id <> ? ORDER BY uses, used_at, id LIMIT ?",
        instanceId,
        newest,
        n - maxMemories,
      )
      .toArray();
    for (const { id } of old) this.remove(instanceId, id);
  }
}
