import { maxFacts } from "#src/objects/profile-parts.ts";
import type { Fact } from "#src/objects/profiles-api.ts";

type FactRow = {
  id: string;
  text: string;
  conversation_id: string | null;
  message_id: string | null;
  confidence: number;
  at: number;
  expires_at: number | null;
};

/** What was learnt of persons; of what is out of date, nothing. */
export class FactStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The newest first. */
  of(personId: string, now: number): Fact[] {
    return this.#sql
      .exec<FactRow>(
        `SELECT id, text, conversation_id, message_id, confidence, at, expires_at FROM facts
         WHERE person_id = ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY at DESC, id DESC`,
        personId,
        now,
      )
      .toArray()
      .map(factOf);
  }

  /** Keeps a fact; the least used and oldest go where there are too many. */
  put(personId: string, { id, text, source, confidence, at, expiresAt }: Fact): void {
    this.#sql.exec(
      `INSERT INTO facts (person_id, id, text, conversation_id, message_id, confidence, at, expires_at, uses)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)
       ON CONFLICT (person_id, id) DO UPDATE SET
         text = excluded.text, conversation_id = excluded.conversation_id, message_id = excluded.message_id,
         confidence = excluded.confidence, at = excluded.at, expires_at = excluded.expires_at`,
      personId,
      id,
      text,
      source.conversationId,
      source.messageId,
      confidence,
      at,
      expiresAt,
    );
    this.#sql.exec(
      `DELETE FROM facts WHERE person_id = ? AND id IN (
         SELECT id FROM facts WHERE person_id = ? AND id <> ? ORDER BY uses DESC, at DESC, id DESC LIMIT -1 OFFSET ?)`,
      personId,
      personId,
      id,
      maxFacts - 1,
    );
  }

  has(personId: string, id: string): boolean {
    return (
      this.#sql.exec("SELECT 1 FROM facts WHERE person_id = ? AND id = ?", personId, id).toArray().length > 0
    );
  }

  /** Facts were told: they stay longer than what nobody needs. */
  noteUse(personId: string, facts: readonly Pick<Fact, "id">[]): void {
    for (const { id } of facts)
      this.#sql.exec("UPDATE facts SET uses = uses + 1 WHERE person_id = ? AND id = ?", personId, id);
  }

  remove(personId: string, id: string): void {
    this.#sql.exec("DELETE FROM facts WHERE person_id = ? AND id = ?", personId, id);
  }

  erase(personId: string): void {
    this.#sql.exec("DELETE FROM facts WHERE person_id = ?", personId);
  }
}

const factOf = ({ conversation_id, message_id, expires_at, ...row }: FactRow): Fact => ({
  ...row,
  source: { conversationId: conversation_id, messageId: message_id },
  expiresAt: expires_at,
});
