import type { Holder } from "#src/conversations/index.ts";
import {
  type ConversationView,
  type NewConversation,
  type Persona,
  personaSchema,
} from "#src/objects/conversation-api.ts";
import { tables } from "./tables.ts";

type ConversationRow = {
  id: string;
  client_id: string;
  owner_id: string;
  owner_kind: ConversationView["ownerKind"];
  instance_id: string;
  title: string | null;
  persona: string;
  status: ConversationView["status"];
  holder: Holder;
  admin_id: string | null;
  holder_epoch: number;
  active_leaf: string | null;
  last_seq: number;
  started_at: number;
  last_message_at: number | null;
  ended_at: number | null;
  revision: number;
};

/** What a conversation is, besides its messages. */
export class ConversationState {
  readonly #sql: SqlStorage;
  #isThere: boolean;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#isThere = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'conversation'").toArray().length > 0;
  }

  /** Whether it has ever begun. Until then nothing may be written. */
  get isThere(): boolean {
    return this.#isThere;
  }

  begin(
    { id, clientId }: { id: string; clientId: string },
    { owner, instanceId, title, persona }: NewConversation,
    now: number,
  ): void {
    this.#sql.exec(tables);
    this.#sql.exec(
      `INSERT INTO conversation (only, id, client_id, owner_id, owner_kind, instance_id, title, persona, status, holder,
         holder_epoch, last_seq, started_at, revision)
       VALUES (1, ?, ?, ?, ?, ?, ?, ?, 'active', 'persona', 1, 0, ?, 1)`,
      id,
      clientId,
      owner.id,
      owner.kind,
      instanceId,
      title,
      JSON.stringify(persona),
      now,
    );
    this.#isThere = true;
  }

  get row(): ConversationRow {
    return this.#sql.exec<ConversationRow>("SELECT * FROM conversation").one();
  }

  get persona(): Persona {
    return personaSchema.parse(JSON.parse(this.row.persona));
  }

  view(): ConversationView {
    const row = this.row;
    return {
      id: row.id,
      ownerId: row.owner_id,
      ownerKind: row.owner_kind,
      instanceId: row.instance_id,
      title: row.title,
      status: row.status,
      holder: row.holder,
      adminId: row.admin_id,
      holderEpoch: row.holder_epoch,
      activeLeaf: row.active_leaf,
      lastSeq: row.last_seq,
      startedAt: row.started_at,
      lastMessageAt: row.last_message_at,
      endedAt: row.ended_at,
      revision: row.revision,
    };
  }

  /** The persona as it is by now. */
  keepPersona(persona: Persona): void {
    this.#sql.exec("UPDATE conversation SET persona = ?", JSON.stringify(persona));
  }

  /** Gives the next message its number and its time, which never falls behind the one before. */
  nextMessage(now: number): { seq: number; at: number } {
    const { seq, at } = this.#sql
      .exec<{ seq: number; at: number }>(
        `UPDATE conversation SET last_seq = last_seq + 1, last_message_at = max(coalesce(last_message_at, 0), ?),
           revision = revision + 1
         RETURNING last_seq AS seq, last_message_at AS at`,
        now,
      )
      .one();
    return { seq, at };
  }

  /** Another message is the end of the active path. */
  setLeaf(id: string): void {
    this.#sql.exec("UPDATE conversation SET active_leaf = ?, revision = revision + 1", id);
  }

  /** Somebody else holds it; one that has ended stays so. */
  setHolder(
    { holder, adminId, epoch }: { holder: Holder; adminId: string | null; epoch: number },
    status: ConversationView["status"],
  ): void {
    this.#sql.exec(
      `UPDATE conversation SET holder = ?, admin_id = ?, holder_epoch = ?, revision = revision + 1,
         status = CASE status WHEN 'ended' THEN status ELSE ? END`,
      holder,
      adminId,
      epoch,
      status,
    );
  }

  setStatus(status: ConversationView["status"], now: number): void {
    this.#sql.exec(
      "UPDATE conversation SET status = ?, ended_at = ?, revision = revision + 1",
      status,
      status === "ended" ? now : null,
    );
  }

  /** Something that copies tell has changed. */
  touch(): void {
    this.#sql.exec("UPDATE conversation SET revision = revision + 1");
  }

  /** Goes on, where it had ended. @returns whether it had */
  reopen(): boolean {
    return (
      this.#sql
        .exec(
          `UPDATE conversation SET status = 'active', ended_at = NULL, revision = revision + 1
           WHERE status = 'ended' RETURNING id`,
        )
        .toArray().length > 0
    );
  }
}
