import { withReceipt } from "#src/conversations/index.ts";
import type { ParticipantView } from "#src/objects/conversation-staff-api.ts";
import type { ReceiptView, SaidReceipt } from "#src/objects/receipt-contract.ts";
import type { ConversationLog } from "./conversation-log.ts";
import type { ConversationState } from "./conversation-state.ts";

/** It is counted with each change of the conversation: so many messages behind what is read are looked through. */
export const maxLookedThrough = 1000;

type ParticipantRow = {
  person_id: string;
  joined_at: number;
  delivered_seq: number;
  read_seq: number;
  muted: number;
};

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
      .exec<ParticipantRow>("SELECT * FROM participants ORDER BY joined_at, person_id LIMIT ?", limit)
      .toArray()
      .map((row) => ({
        personId: row.person_id,
        kind: row.person_id === owner_id ? owner_kind : "agent",
        joinedAt: row.joined_at,
        deliveredSeq: row.delivered_seq,
        readSeq: row.read_seq,
        muted: row.muted === 1,
      }));
  }

  /** Somebody says how far they have got; what they had said before counts as well. Whether they mute it is theirs alone. */
  receipt({ personId, muted: saidMuted, ...said }: SaidReceipt, now: number): ReceiptView {
    const known = this.#find(personId);
    const held = { delivered: known?.delivered_seq ?? 0, read: known?.read_seq ?? 0 };
    const wasMuted = known?.muted === 1;
    const muted = saidMuted ?? wasMuted;
    const next = withReceipt(held, said, this.#state.row.last_seq);
    const hasGrown = next.delivered !== held.delivered || next.read !== held.read;
    if (hasGrown || muted !== wasMuted) {
      this.#sql.exec(
        `INSERT INTO participants (person_id, joined_at, delivered_seq, read_seq, muted) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (person_id) DO UPDATE SET delivered_seq = excluded.delivered_seq, read_seq = excluded.read_seq,
           muted = excluded.muted`,
        personId,
        now,
        next.delivered,
        next.read,
        muted ? 1 : 0,
      );
      const told = { person_id: personId, delivered_seq: next.delivered, read_seq: next.read };
      if (hasGrown) this.#log.append("receipt.changed", told, now);
      this.#state.touch();
    }
    return { ...next, unread: this.#unread(personId, next.read), muted };
  }

  /** Messages of others that somebody has not read. */
  unreadOf(personId: string): number {
    return this.#unread(personId, this.#find(personId)?.read_seq ?? 0);
  }

  isMutedBy(personId: string): boolean {
    return this.#find(personId)?.muted === 1;
  }

  #find(personId: string): ParticipantRow | undefined {
    return this.#sql
      .exec<ParticipantRow>("SELECT * FROM participants WHERE person_id = ?", personId)
      .toArray()[0];
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
