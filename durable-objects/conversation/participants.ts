import { withReceipt } from "#src/conversations/index.ts";
import type { ReceiptView, SaidReceipt } from "#src/objects/conversation-api.ts";
import type { ParticipantView } from "#src/objects/conversation-staff-api.ts";
import type { ConversationLog } from "./conversation-log.ts";
import type { ConversationState } from "./conversation-state.ts";

/** It is counted with each change of the conversation: so many messages behind what is read are looked through. */
export const maxLookedThrough = 1000;

/** How far those have got who read a conversation. */
export class Participants {
  readonly #sql: SqlStorage;
  readonly #state: ConversationState;
  readonly #log: ConversationLog;

  constructor(sql: SqlStorage, state: ConversationState, log: ConversationLog) {
    this.#sql = sql;
    this.#state = state;
    this.#log = log;
  }

  /** Somebody takes part from now on. */
  join(personId: string, now: number): void {
    this.#sql.exec(
      "INSERT OR IGNORE INTO participants (person_id, joined_at, delivered_seq, read_seq) VALUES (?, ?, 0, 0)",
      personId,
      now,
    );
  }

  /** Those who take part, the first first. */
  list(limit: number): ParticipantView[] {
    const { owner_id, owner_kind } = this.#state.row;
    return this.#sql
      .exec<{ person_id: string; joined_at: number; delivered_seq: number; read_seq: number }>(
        "SELECT * FROM participants ORDER BY joined_at, person_id LIMIT ?",
        limit,
      )
      .toArray()
      .map((row) => ({
        personId: row.person_id,
        kind: row.person_id === owner_id ? owner_kind : "agent",
        joinedAt: row.joined_at,
        deliveredSeq: row.delivered_seq,
        readSeq: row.read_seq,
      }));
  }

  /** Somebody says how far they have got; what they had said before counts as well. */
  receipt({ personId, ...said }: SaidReceipt, now: number): ReceiptView {
    const [known] = this.#sql
      .exec<{ delivered: number; read: number }>(
        "SELECT delivered_seq AS delivered, read_seq AS read FROM participants WHERE person_id = ?",
        personId,
      )
      .toArray();
    const held = known ?? { delivered: 0, read: 0 };
    const next = withReceipt(held, said, this.#state.row.last_seq);
    if (next.delivered !== held.delivered || next.read !== held.read) {
      this.#sql.exec(
        `INSERT INTO participants (person_id, joined_at, delivered_seq, read_seq) VALUES (?, ?, ?, ?)
         ON CONFLICT (person_id) DO UPDATE SET delivered_seq = excluded.delivered_seq, read_seq = excluded.read_seq`,
        personId,
        now,
        next.delivered,
        next.read,
      );
      const told = { person_id: personId, delivered_seq: next.delivered, read_seq: next.read };
      this.#log.append("receipt.changed", told, now);
      this.#state.touch();
    }
    return { ...next, unread: this.#unread(personId, next.read) };
  }

  /** Messages of others that somebody has not read. */
  unreadOf(personId: string): number {
    const [known] = this.#sql
      .exec<{ read: number }>("SELECT read_seq AS read FROM participants WHERE person_id = ?", personId)
      .toArray();
    return this.#unread(personId, known?.read ?? 0);
  }

  #unread(personId: string, read: number): number {
    return this.#sql
      .exec<{ count: number }>(
        `SELECT count(*) AS count FROM (SELECT sender_id, status, role FROM messages WHERE seq > ? ORDER BY seq LIMIT ?)
         WHERE sender_id <> ? AND status NOT IN ('deleted', 'hidden') AND role <> 'system'`,
        read,
        maxLookedThrough,
        personId,
      )
      .one().count;
  }
}
