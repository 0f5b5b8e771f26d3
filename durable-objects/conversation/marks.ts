import type { MarkState } from "#src/kernel/chat-words.ts";
import type { MarkView, Verdict } from "#src/objects/moderation-contract.ts";

type MarkRow = {
  message_id: string;
  action: Verdict["action"];
  rule: string;
  wants_reply: number;
  state: MarkState;
  decided_by: string | null;
  marked_at: number;
  decided_at: number | null;
};

/** What is known of a marked message here: also whether it is to be answered once it may stand. */
export interface Mark extends MarkView {
  wantsReply: boolean;
}

/**
 * Which messages a rule has marked, and what the staff has decided. It stands apart from the messages, so that no reader
 * of them learns of it: only who asks for it, for the staff, and whoever gives messages to models.
 */
export class Marks {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** A message that is held stays so, whatever it is corrected to. */
  put(messageId: string, { action, rule }: Verdict, wantsReply: boolean, now: number): void {
    this.#sql.exec(
      `INSERT INTO marks (message_id, action, rule, wants_reply, state, decided_by, marked_at, decided_at)
       VALUES (?, ?, ?, ?, 'open', NULL, ?, NULL)
       ON CONFLICT (message_id) DO UPDATE SET rule = excluded.rule, state = 'open', decided_by = NULL, decided_at = NULL,
         marked_at = excluded.marked_at,
         action = CASE WHEN action = 'hold' AND state = 'open' THEN action ELSE excluded.action END`,
      messageId,
      action,
      rule,
      wantsReply ? 1 : 0,
      now,
    );
  }

  find(messageId: string): Mark | undefined {
    return this.#read("message_id = ?", messageId)[0];
  }

  /** Those of some messages. */
  of(messageIds: readonly string[]): MarkView[] {
    return this.#read("message_id IN (SELECT value FROM json_each(?))", JSON.stringify(messageIds)).map(
      ({ wantsReply, ...mark }) => mark,
    );
  }

  decide(messageId: string, state: Exclude<MarkState, "open">, by: string, now: number): void {
    this.#sql.exec(
      "UPDATE marks SET state = ?, decided_by = ?, decided_at = ? WHERE message_id = ? AND state = 'open'",
      state,
      by,
      now,
      messageId,
    );
  }

  forget(messageId: string): void {
    this.#sql.exec("DELETE FROM marks WHERE message_id = ?", messageId);
  }

  /** Messages that no model is to be given. */
  get held(): ReadonlySet<string> {
    return new Set(this.#read("state = 'open' AND action = 'hold'").map(({ messageId }) => messageId));
  }

  /** How many nobody has decided on. */
  get open(): number {
    return this.#sql.exec<{ count: number }>("SELECT count(*) AS count FROM marks WHERE state = 'open'").one()
      .count;
  }

  #read(condition: string, ...values: string[]): Mark[] {
    return this.#sql
      .exec<MarkRow>(`SELECT * FROM marks WHERE ${condition}`, ...values)
      .toArray()
      .map((row) => ({
        messageId: row.message_id,
        action: row.action,
        rule: row.rule,
        wantsReply: row.wants_reply === 1,
        state: row.state,
        decidedBy: row.decided_by,
        markedAt: row.marked_at,
        decidedAt: row.decided_at,
      }));
  }
}
