import { v7 as uuidv7 } from "uuid";
import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import { requestKey } from "#src/kernel/request-key.ts";
import type { MessageView } from "#src/objects/conversation-api.ts";
import {
  maxNotes,
  type NewNote,
  type NotePage,
  type NoteQuery,
} from "#src/objects/conversation-staff-api.ts";
import type { ConversationState } from "./conversation-state.ts";
import { type MessageStore, pageUnits } from "./message-store.ts";

type NoteRow = {
  number: number;
  id: string;
  sender_id: string;
  digest: string;
  content: string;
  after_seq: number;
  created_at: number;
};

/** A note with its number among the notes. */
export interface NumberedNote {
  number: number;
  note: MessageView;
}

/**
 * What the staff notes for itself. Notes stand apart from the messages and from the log, and take none of their numbers:
 * whoever reads those cannot find one, nor that one was written.
 */
export class NoteStore {
  readonly #sql: SqlStorage;
  readonly #state: ConversationState;
  readonly #messages: MessageStore;

  constructor(sql: SqlStorage, state: ConversationState, messages: MessageStore) {
    this.#sql = sql;
    this.#state = state;
    this.#messages = messages;
  }

  write(
    { senderId, clientMessageId, content }: NewNote,
    now: number,
  ): Outcome<{ message: MessageView; created: boolean }> {
    const digest = requestKey([senderId], clientMessageId, { note: content })?.bodyDigest ?? "";
    const [known] = this.#read(
      "SELECT * FROM notes WHERE sender_id = ? AND client_message_id = ?",
      senderId,
      clientMessageId,
    );
    if (known?.digest === digest) return success({ message: viewOf(known), created: false });
    if (known || this.#messages.ofClient(senderId, clientMessageId))
      return refusal("CONFLICT", "This client_message_id belongs to another message");
    if (this.#count >= maxNotes) return refusal("CONVERSATION_FULL", `At most ${maxNotes} notes`);
    this.#sql.exec(
      `INSERT INTO notes (id, sender_id, client_message_id, digest, content, after_seq, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      uuidv7({ msecs: now }),
      senderId,
      clientMessageId,
      digest,
      content,
      this.#state.row.last_seq,
      now,
    );
    const [written] = this.newest(1);
    if (!written) throw new Error("A note that was written is not there");
    return success({ message: written, created: true });
  }

  /** Whether a sender has noted something under a word of theirs. */
  isOf(senderId: string, clientMessageId: string): boolean {
    return (
      this.#read(
        "SELECT * FROM notes WHERE sender_id = ? AND client_message_id = ?",
        senderId,
        clientMessageId,
      ).length > 0
    );
  }

  /** The newest notes, the oldest of them first. */
  newest(limit: number): MessageView[] {
    return this.#read("SELECT * FROM notes ORDER BY number DESC LIMIT ?", limit).map(viewOf).reverse();
  }

  /** Ends, as a page of messages does, with the note that makes it too long for one call. */
  page({ after, limit }: NoteQuery): NotePage<MessageView> {
    if (after === undefined) return { notes: this.newest(limit), last: this.lastBefore(), hasMore: false };
    const notes: MessageView[] = [];
    let last = after;
    let units = 0;
    for (const { number, note } of this.after(after)) {
      if (notes.length === limit || units >= pageUnits) return { notes, last, hasMore: true };
      notes.push(note);
      last = number;
      units += note.content.length;
    }
    return { notes, last, hasMore: false };
  }

  /** Notes behind a number, one at a time. */
  *after(number: number): Generator<NumberedNote> {
    const rows = this.#sql.exec<NoteRow>("SELECT * FROM notes WHERE number > ? ORDER BY number", number);
    for (const row of rows) yield { number: row.number, note: viewOf(row) };
  }

  /** The number of the last note that was written before a time; that of the last one of all where none is given. */
  lastBefore(time = Number.MAX_SAFE_INTEGER): number {
    return this.#sql
      .exec<{ number: number }>(
        "SELECT coalesce(max(number), 0) AS number FROM notes WHERE created_at < ?",
        time,
      )
      .one().number;
  }

  get #count(): number {
    return this.#sql.exec<{ count: number }>("SELECT count(*) AS count FROM notes").one().count;
  }

  #read(query: string, ...values: (string | number)[]): NoteRow[] {
    return this.#sql.exec<NoteRow>(query, ...values).toArray();
  }
}

/** A note in the shape of a message: its number is that of the message that it stands behind. */
const viewOf = (row: NoteRow): MessageView => ({
  seq: row.after_seq,
  id: row.id,
  parentId: null,
  depth: 0,
  onPath: false,
  role: "note",
  messageType: "note",
  senderId: row.sender_id,
  content: row.content,
  parts: [],
  attachments: [],
  status: "complete",
  turnId: null,
  model: null,
  usage: null,
  error: null,
  feedback: null,
  editedAt: null,
  createdAt: row.created_at,
  updatedAt: row.created_at,
});
