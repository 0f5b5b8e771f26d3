import { z } from "zod";
import { type Holder, statusUnder } from "#src/conversations/index.ts";
import { refusal } from "#src/kernel/outcome.ts";
import type { ConversationChange, ConversationView, NewConversation } from "#src/objects/conversation-api.ts";
import { type Persona, personaSchema, type StandingPersona } from "#src/objects/conversation-persona.ts";
import { hasTables, takeSteps } from "../table-steps.ts";
import { Endings } from "./endings.ts";
import { tableSteps } from "./tables.ts";

type ConversationRow = {
  id: string;
  client_id: string;
  owner_id: string;
  owner_kind: ConversationView["ownerKind"];
  instance_id: string;
  title: string | null;
  metadata: string;
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
  erased_at: number | null;
  revision: number;
  reading: string | null;
  told: string | null;
  telling: string | null;
  counted: string | null;
  project_id: string | null;
  titling: string | null;
};

/** Of what its owner does not reopen. */
export const hasEnded = refusal("CONFLICT", "The conversation has ended; go on in a new one");

const metadataSchema = z.record(z.string(), z.unknown());

/** What a conversation is, besides its messages. */
export class ConversationState {
  readonly #storage: Pick<DurableObjectStorage, "sql" | "transactionSync">;
  #hasBegun: boolean;
  #isErased = false;
  /** The row, as it was last read: it changes nowhere else. */
  #row: ConversationRow | undefined;
  #persona: { text: string; value: Persona } | undefined;
  readonly endings: Endings;

  constructor(storage: Pick<DurableObjectStorage, "sql" | "transactionSync">) {
    this.#storage = storage;
    this.endings = new Endings(storage.sql);
    this.#hasBegun = hasTables(storage.sql);
    if (!this.#hasBegun) return;
    takeSteps(storage, tableSteps);
    this.#isErased = this.row.erased_at !== null;
  }

  get #sql(): SqlStorage {
    return this.#storage.sql;
  }

  /** Whether it has ever begun, and be it that it was erased since. Until then nothing may be written. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Whether it is there for anybody. */
  get isThere(): boolean {
    return this.#hasBegun && !this.#isErased;
  }

  begin(
    { id, clientId }: { id: string; clientId: string },
    { owner, instanceId, projectId, title, metadata, persona }: NewConversation,
    now: number,
  ): void {
    takeSteps(this.#storage, tableSteps);
    this.#change(
      `INSERT INTO conversation (only, id, client_id, owner_id, owner_kind, instance_id, project_id, title, metadata, persona, status, holder,
         holder_epoch, last_seq, started_at, revision)
       VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'active', 'persona', 1, 0, ?, 1)`,
      id,
      clientId,
      owner.id,
      owner.kind,
      instanceId,
      projectId,
      title,
      JSON.stringify(metadata),
      JSON.stringify(persona),
      now,
    );
    this.#hasBegun = true;
  }

  get row(): Readonly<ConversationRow> {
    this.#row ??= this.#sql.exec<ConversationRow>("SELECT * FROM conversation").one();
    return this.#row;
  }

  get persona(): Persona {
    const { persona: text } = this.row;
    if (this.#persona?.text !== text) this.#persona = { text, value: personaSchema.parse(JSON.parse(text)) };
    return this.#persona.value;
  }

  /** Writes what belongs together. Where it fails nothing of it is kept, in memory either. */
  transaction<T>(work: () => T): T {
    try {
      return this.#storage.transactionSync(work);
    } catch (error) {
      this.#row = undefined;
      throw error;
    }
  }

  view(): ConversationView {
    const row = this.row;
    return {
      id: row.id,
      ownerId: row.owner_id,
      ownerKind: row.owner_kind,
      instanceId: row.instance_id,
      projectId: row.project_id,
      title: row.title,
      metadata: metadataSchema.parse(JSON.parse(row.metadata)),
      status: row.status,
      holder: row.holder,
      adminId: row.admin_id,
      holderEpoch: row.holder_epoch,
      activeLeaf: row.active_leaf,
      lastSeq: row.last_seq,
      startedAt: row.started_at,
      lastMessageAt: row.last_message_at,
      endedAt: row.ended_at,
      satisfaction: row.status === "ended" ? this.endings.shown : null,
      revision: row.revision,
    };
  }

  /** Whether it has ended for its owner: the tenant may say that what they write does not reopen it. */
  hasClosed(persona: StandingPersona = this.persona): boolean {
    return this.row.status === "ended" && persona?.reopens === false;
  }

  /** The persona as it is by now. */
  keepPersona(persona: Persona): void {
    const text = JSON.stringify(persona);
    if (text !== this.row.persona) this.#change("UPDATE conversation SET persona = ?", text);
  }

  /** What the newest answer has told about the tokens that it has read. */
  keepReading(reading: string): void {
    this.#change("UPDATE conversation SET reading = ?", reading);
  }

  /** Gives the next message its number and its time, which never falls behind the one before. */
  nextMessage(now: number): { seq: number; at: number } {
    const { seq, at } = this.#change<{ seq: number; at: number }>(
      `UPDATE conversation SET last_seq = last_seq + 1, last_message_at = max(coalesce(last_message_at, 0), ?),
           revision = revision + 1
         RETURNING last_seq AS seq, last_message_at AS at`,
      now,
    ).one();
    return { seq, at };
  }

  /** Another message is the end of the active path. */
  setLeaf(id: string): void {
    this.#change("UPDATE conversation SET active_leaf = ?, revision = revision + 1", id);
  }

  /** Somebody else holds it; one that has ended stays so. */
  setHolder(
    { holder, adminId, epoch }: { holder: Holder; adminId: string | null; epoch: number },
    status: ConversationView["status"],
  ): void {
    this.#change(
      `UPDATE conversation SET holder = ?, admin_id = ?, holder_epoch = ?, revision = revision + 1,
         status = CASE status WHEN 'ended' THEN status ELSE ? END`,
      holder,
      adminId,
      epoch,
      status,
    );
  }

  /** @param asks whether its owner is to be asked how it was, where it ends */
  setStatus(status: ConversationView["status"], asks: boolean, now: number): void {
    if (status === "ended") this.endings.begin(asks, now);
    this.#change(
      "UPDATE conversation SET status = ?, ended_at = ?, revision = revision + 1",
      status,
      status === "ended" ? now : null,
    );
  }

  /** What it is called, and what its owner keeps with it. Once something is said of its title, nobody else gives it one. */
  describe({ title, metadata }: ConversationChange): void {
    const { title: before, titling, metadata: kept } = this.row;
    this.#change(
      "UPDATE conversation SET title = ?, titling = ?, metadata = ?, revision = revision + 1",
      title === undefined ? before : title,
      title === undefined ? titling : "",
      metadata === undefined ? kept : JSON.stringify(metadata),
    );
  }

  /** Nothing is left of what it was about. */
  erase(now: number): void {
    this.#change(
      `UPDATE conversation SET title = NULL, project_id = NULL, metadata = '{}', persona = '', status = 'ended', holder = 'persona', admin_id = NULL,
         holder_epoch = holder_epoch + 1, active_leaf = NULL, ended_at = ?, erased_at = ?, revision = revision + 1`,
      now,
      now,
    );
    this.#isErased = true;
  }

  /** Somebody has been asked to give it a title. */
  keepTitling(id: string): void {
    this.#change("UPDATE conversation SET titling = ?", id);
  }

  /** What its tenant has been told of it, and what it is being told. */
  keepTold({ told, telling }: Pick<ConversationRow, "told" | "telling">): void {
    this.#change("UPDATE conversation SET told = ?, telling = ?", told, telling);
  }

  /** How far its log was counted. */
  keepCounted(counted: string): void {
    this.#change("UPDATE conversation SET counted = ?", counted);
  }

  /** Something that copies tell has changed. */
  touch(): void {
    this.#change("UPDATE conversation SET revision = revision + 1");
  }

  /** Goes on, where it had ended. @returns whether it had */
  reopen(): boolean {
    return (
      this.#change(
        `UPDATE conversation SET status = ?, ended_at = NULL, revision = revision + 1
           WHERE status = 'ended' RETURNING id`,
        statusUnder(this.row.holder),
      ).toArray().length > 0
    );
  }

  /** Changes the row: it is read again when it is asked for. */
  #change<T extends Record<string, SqlStorageValue>>(
    query: string,
    ...values: SqlStorageValue[]
  ): SqlStorageCursor<T> {
    this.#row = undefined;
    return this.#sql.exec<T>(query, ...values);
  }
}
