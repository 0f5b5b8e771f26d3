export interface Memory {
  content: string;
  type: string;
  metadata: Record<string, unknown>;
  createdAt: number;
}

/** Words of a text as an FTS5 query that matches any of them; quoting keeps FTS5's own syntax out. */
const anyWord = (text: string): string =>
  [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [])]
    .slice(0, 50)
    .map((word) => `"${word}"`)
    .join(" OR ");

/** What persona instances remember, ranked by FTS5's BM25 blended with recency. */
export class MemoryStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  store(instanceId: string, { content, type, metadata, createdAt }: Memory, maxMemories: number): number {
    const { id } = this.#sql
      .exec<{ id: number }>(
        "INSERT INTO memories (instance_id, type, content, metadata, created_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
        instanceId,
        type,
        content,
        JSON.stringify(metadata),
        createdAt,
      )
      .one();
    this.#sql.exec("INSERT INTO memories_text (rowid, content) VALUES (?, ?)", id, content);
    this.#evict(instanceId, maxMemories);
    return id;
  }

  /** The best matches first. A day of age costs as much as a tenth of a typical match. */
  search(instanceId: string, query: string, limit: number, now: number): Memory[] {
    const words = anyWord(query);
    if (words === "") return [];
    return this.#sql
      .exec<{ content: string; type: string; metadata: string; created_at: number }>(
        `SELECT m.content, m.type, m.metadata, m.created_at
         FROM memories_text t JOIN memories m ON m.id = t.rowid
         WHERE memories_text MATCH ? AND m.instance_id = ?
         ORDER BY bm25(memories_text) + 0.1 * (? - m.created_at) / 86400000.0 LIMIT ?`,
        words,
        instanceId,
        now,
        limit,
      )
      .toArray()
      .map(({ content, type, metadata, created_at }) => ({
        content,
        type,
        metadata: JSON.parse(metadata),
        createdAt: created_at,
      }));
  }

  count(): number {
    return this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM memories").one().n;
  }

  #evict(instanceId: string, maxMemories: number): void {
    const old = this.#sql
      .exec<{ id: number; content: string }>(
        "SELECT id, content FROM memories WHERE instance_id = ? ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?",
        instanceId,
        maxMemories,
      )
      .toArray();
    for (const { id, content } of old) {
      this.#sql.exec(
        "INSERT INTO memories_text (memories_text, rowid, content) VALUES ('delete', ?, ?)",
        id,
        content,
      );
      this.#sql.exec("DELETE FROM memories WHERE id = ?", id);
    }
  }
}
