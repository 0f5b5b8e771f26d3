import type { ConversationListener } from "#src/objects/access-gate-api.ts";
import type { ConversationApi } from "#src/objects/conversation-api.ts";
import type { ListenersEnded } from "#src/objects/listeners-contract.ts";

type Conversation = Pick<ConversationApi, "endListeners">;

/**
 * Where those hear conversations whose access may end: a session is open at a few of the tenant's many conversations,
 * and those are told. Kept until the token has run out, with which the socket ends by itself.
 */
export class ConversationListeners {
  readonly #sql: SqlStorage;
  readonly #conversation: (id: string) => Conversation;

  constructor(sql: SqlStorage, conversation: (id: string) => Conversation) {
    this.#sql = sql;
    this.#conversation = conversation;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS conversation_listeners (
        session_id TEXT NOT NULL, conversation_id TEXT NOT NULL, user_id TEXT NOT NULL, until INTEGER NOT NULL,
        PRIMARY KEY (session_id, conversation_id)) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS conversation_listeners_until ON conversation_listeners (until);
      CREATE INDEX IF NOT EXISTS conversation_listeners_user ON conversation_listeners (user_id);
    `);
  }

  note({ sessionId, conversationId, userId, until }: ConversationListener, now: number): void {
    this.#sql.exec("DELETE FROM conversation_listeners WHERE until < ?", now);
    this.#sql.exec(
      `INSERT INTO conversation_listeners (session_id, conversation_id, user_id, until) VALUES (?, ?, ?, ?)
       ON CONFLICT (session_id, conversation_id) DO UPDATE SET until = max(until, excluded.until)`,
      sessionId,
      conversationId,
      userId,
      until,
    );
  }

  /**
   * Has their sockets closed.
   * @throws when a conversation does not answer: whoever ends the access says it again
   */
  async end({ whose, why }: ListenersEnded): Promise<void> {
    const { condition, values } = conditionOf(whose);
    const conversations = this.#sql
      .exec<{ id: string }>(
        `SELECT DISTINCT conversation_id AS id FROM conversation_listeners WHERE ${condition}`,
        ...values,
      )
      .toArray();
    await Promise.all(conversations.map(({ id }) => this.#conversation(id).endListeners({ whose, why })));
    this.#sql.exec(`DELETE FROM conversation_listeners WHERE ${condition}`, ...values);
  }
}

function conditionOf(whose: ListenersEnded["whose"]): { condition: string; values: string[] } {
  if (whose === "everybody") return { condition: "1", values: [] };
  if ("userId" in whose) return { condition: "user_id = ?", values: [whose.userId] };
  return {
    condition: "session_id IN (SELECT value FROM json_each(?))",
    values: [JSON.stringify(whose.sessionIds)],
  };
}
