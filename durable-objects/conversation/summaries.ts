import type { MessageView } from "#src/objects/conversation-api.ts";

export interface Summary {
  id: string;
  /** The last message that it covers, and how deep that lies. */
  upTo: string;
  depth: number;
  text: string;
}

/** So many summaries are kept, of all branches together. */
const maxSummaries = 20;

/** What was said, in short: texts that cover the path up to a message, each valid for every path with that message on it. */
export class Summaries {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  put(
    { id, text, tokens, model }: { id: string; text: string; tokens: number; model: string },
    upTo: Pick<MessageView, "id" | "seq">,
    now: number,
  ): void {
    this.#sql.exec(
      `INSERT OR IGNORE INTO summaries (id, up_to, up_to_seq, text, tokens, model, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      id,
      upTo.id,
      upTo.seq,
      text,
      tokens,
      model,
      now,
    );
    this.#sql.exec(
      "DELETE FROM summaries WHERE id NOT IN (SELECT id FROM summaries ORDER BY created_at DESC, id DESC LIMIT ?)",
      maxSummaries,
    );
  }

  /** The one that covers most of the active path above a message. */
  above({ depth }: Pick<MessageView, "depth">): Summary | undefined {
    const [row] = this.#sql
      .exec<{ id: string; up_to: string; depth: number; text: string }>(
        `SELECT s.id, s.up_to, m.depth, s.text FROM summaries s JOIN messages m ON m.id = s.up_to
         WHERE m.on_path = 1 AND m.depth < ? ORDER BY m.depth DESC, s.created_at DESC LIMIT 1`,
        depth,
      )
      .toArray();
    return row && { id: row.id, upTo: row.up_to, depth: row.depth, text: row.text };
  }
}
