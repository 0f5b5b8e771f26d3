import { z } from "zod";
import type { MessageView } from "#src/objects/conversation-api.ts";
import { answerPartSchema } from "#src/objects/turn-contract.ts";
import { readAttachments } from "./attachment-rows.ts";

type HiddenRow = { content: string; parts: string; attachments: string };

/**
 * What stood in messages that are hidden. It stands apart from them, so that no reader of messages has it: only who asks
 * for it, for the staff.
 */
export class HiddenTexts {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** @param by null where a rule of the tenant's has hidden it */
  keep(
    { id, content, parts, attachments }: MessageView,
    why: { by: string | null; reason: string },
    now: number,
  ): void {
    this.#sql.exec(
      `INSERT OR IGNORE INTO hidden_texts (message_id, content, parts, attachments, reason, hidden_by, hidden_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      id,
      content,
      JSON.stringify(parts),
      JSON.stringify(attachments),
      why.reason,
      why.by,
      now,
    );
  }

  forget(messageId: string): void {
    this.#sql.exec("DELETE FROM hidden_texts WHERE message_id = ?", messageId);
  }

  /** A message as the staff sees it. */
  shown(message: MessageView): MessageView {
    if (message.status !== "hidden") return message;
    const [row] = this.#sql
      .exec<HiddenRow>(
        "SELECT content, parts, attachments FROM hidden_texts WHERE message_id = ?",
        message.id,
      )
      .toArray();
    if (!row) return message;
    return {
      ...message,
      content: row.content,
      parts: z.array(answerPartSchema).parse(JSON.parse(row.parts)),
      attachments: readAttachments(row.attachments),
    };
  }
}
