import {
  type AttachmentView,
  attachmentViewsSchema,
  type DocumentReading,
  type NewAttachment,
} from "#src/objects/attachments-api.ts";

type AttachmentRow = AttachmentView & {
  state: "pending" | "ready" | "attached" | "refused" | "gone";
  beginning: string | null;
  uploaded_by: string;
  created_at: number;
};

/** What no message has named after so long goes. */
export const unattachedMs = 24 * 3_600_000;

/** So many are removed at once. */
const sweptAtOnce = 100;

/** The messages that have one; those that are hidden keep theirs apart. */
const seenWith = `SELECT 1 FROM messages, json_each(messages.attachments)
  WHERE messages.attachments IS NOT NULL AND json_extract(json_each.value, '$.id') = attachments.id`;

/** What is known of what comes with messages; the bytes are in R2. Times in epoch milliseconds. */
export class AttachmentRows {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(id: string, attachment: NewAttachment, now: number): void {
    const { sha256, name, type, bytes, width, height, pages, uploadedBy } = attachment;
    this.#sql.exec(
      `INSERT INTO attachments (id, sha256, name, type, bytes, width, height, pages, state, uploaded_by, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)`,
      id,
      sha256,
      name,
      type,
      bytes,
      width,
      height,
      pages,
      uploadedBy,
      now,
    );
  }

  /** The same content, as the same person has uploaded it before. */
  ofContent({ uploadedBy, sha256 }: Pick<NewAttachment, "uploadedBy" | "sha256">): AttachmentRow | undefined {
    return this.#one("uploaded_by = ? AND sha256 = ? AND state <> 'gone'", uploadedBy, sha256);
  }

  find(id: string): AttachmentRow | undefined {
    return this.#one("id = ? AND state <> 'gone'", id);
  }

  /** Its bytes are stored. */
  stored(id: string): void {
    this.#sql.exec("UPDATE attachments SET state = 'ready' WHERE id = ? AND state = 'pending'", id);
  }

  /** It has been read; the messages that have it say so, and are found by what it says. */
  read(id: string, { pages, textBytes, beginning }: DocumentReading): void {
    this.#sql.exec(
      "UPDATE attachments SET pages = ?, text_bytes = ?, beginning = ? WHERE id = ?",
      pages,
      textBytes,
      beginning,
      id,
    );
    for (const { seq, attachments } of this.#messagesWith(id)) {
      const told = readAttachments(attachments).map((one) => (one.id === id ? { ...one, pages } : one));
      this.#sql.exec(
        "UPDATE messages SET attachments = ?, search_due = search_due + 1 WHERE seq = ?",
        JSON.stringify(told),
        seq,
      );
    }
  }

  /** It is none that a message may have. One that has it already keeps it. */
  refuse(id: string): void {
    this.#sql.exec(
      "UPDATE attachments SET state = 'refused' WHERE id = ? AND state IN ('pending', 'ready')",
      id,
    );
  }

  /** What search knows of documents. */
  beginningsOf(attachments: readonly Pick<AttachmentView, "id">[]): string[] {
    return attachments.flatMap(({ id }) => this.find(id)?.beginning ?? []);
  }

  /** Somebody has uploaded it again: it waits for its message anew. */
  renew(id: string, now: number): void {
    this.#sql.exec("UPDATE attachments SET created_at = ? WHERE id = ? AND state <> 'attached'", now, id);
  }

  /** A message has it. */
  attach(id: string): void {
    this.#sql.exec("UPDATE attachments SET state = 'attached' WHERE id = ?", id);
  }

  /** What a message had; what no other one has is to be removed. */
  release(attachments: readonly Pick<AttachmentView, "id">[]): void {
    for (const { id } of attachments)
      this.#sql.exec(
        `UPDATE attachments SET state = 'gone' WHERE id = ? AND NOT EXISTS (${seenWith})
           AND NOT EXISTS (
             SELECT 1 FROM hidden_texts, json_each(hidden_texts.attachments)
             WHERE json_extract(json_each.value, '$.id') = attachments.id)`,
        id,
      );
  }

  /** Whether a message has it that is not hidden. */
  isSeen(id: string): boolean {
    const query = `SELECT 1 FROM attachments WHERE id = ? AND EXISTS (${seenWith})`;
    return this.#sql.exec(query, id).toArray().length > 0;
  }

  /** Bytes that the conversation has in R2. */
  get bytes(): number {
    return this.#sql.exec<{ bytes: number }>("SELECT coalesce(sum(bytes), 0) AS bytes FROM attachments").one()
      .bytes;
  }

  /** Marks what has waited too long for its message, or can be given to none. @returns some of what is to be removed */
  expire(now: number): string[] {
    this.#sql.exec(
      "UPDATE attachments SET state = 'gone' WHERE state IN ('pending', 'ready', 'refused') AND created_at <= ?",
      now - unattachedMs,
    );
    return this.#sql
      .exec<{ id: string }>("SELECT id FROM attachments WHERE state = 'gone' LIMIT ?", sweptAtOnce)
      .toArray()
      .map(({ id }) => id);
  }

  forget(ids: readonly string[]): void {
    for (const id of ids) this.#sql.exec("DELETE FROM attachments WHERE id = ? AND state = 'gone'", id);
  }

  /** When the next one is to be removed; null where none is. */
  get nextExpiry(): number | null {
    return this.#sql
      .exec<{ at: number | null }>(
        `SELECT min(CASE state WHEN 'gone' THEN 0 ELSE created_at + ? END) AS at FROM attachments WHERE state <> 'attached'`,
        unattachedMs,
      )
      .one().at;
  }

  #messagesWith(id: string) {
    return this.#sql
      .exec<{ seq: number; attachments: string }>(
        `SELECT DISTINCT seq, messages.attachments FROM messages, json_each(messages.attachments)
         WHERE messages.attachments IS NOT NULL AND json_extract(json_each.value, '$.id') = ?`,
        id,
      )
      .toArray();
  }

  #one(condition: string, ...values: string[]): AttachmentRow | undefined {
    return this.#sql
      .exec<AttachmentRow>(`SELECT * FROM attachments WHERE ${condition}`, ...values)
      .toArray()[0];
  }
}

export const attachmentView = ({
  id,
  name,
  type,
  bytes,
  sha256,
  width,
  height,
  pages,
}: AttachmentView): AttachmentView => ({
  id,
  name,
  type,
  bytes,
  sha256,
  width,
  height,
  pages,
});

/** What came with a message, as its row keeps it. */
export const readAttachments = (kept: string | null): AttachmentView[] =>
  kept === null ? [] : attachmentViewsSchema.parse(JSON.parse(kept));
