import type { AttachmentView } from "#src/objects/attachments-api.ts";
import type { ConversationSearchApi, SearchCopy } from "#src/objects/conversation-search-api.ts";
import { type AttachmentRows, readAttachments } from "./attachment-rows.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { TurnOutbox } from "./turn-outbox.ts";

interface Parts {
  sql: SqlStorage;
  state: ConversationState;
  outbox: TurnOutbox;
  attachments: Pick<AttachmentRows, "beginningsOf">;
  /** Writes what belongs together. */
  write<T>(work: (now: number) => T): T;
  /** The index of the conversation's tenant. */
  search(): Pick<ConversationSearchApi, "put" | "erase">;
}

type DueRow = {
  seq: number;
  id: string;
  role: SearchCopy["role"];
  content: string;
  attachments: string | null;
  created_at: number;
  search_due: number;
};

/** Copies that one call carries. */
export const copiesAtOnce = 50;

/** What is to be found of a conversation: what has been said and is not being written any more. */
const due = "search_due > 0 AND status NOT IN ('pending', 'streaming')";

/** Tells the tenant's search what was said, until it knows. */
export class SearchFeed {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Asks to be let tell, where there is something to be told. @param at when; after a while, in which more is gathered */
  note(now: number, at = this.#parts.outbox.gatheredAt(now)): void {
    const { sql, outbox, state } = this.#parts;
    const isDue =
      !state.isThere || sql.exec(`SELECT 1 FROM messages WHERE ${due} LIMIT 1`).toArray().length > 0;
    if (isDue) outbox.at("search", at, now);
  }

  /** Has all of it told once more, for an index that has lost it. */
  again(now: number): void {
    const { sql, outbox } = this.#parts;
    sql.exec("UPDATE messages SET search_due = search_due + 1 WHERE role <> 'system'");
    outbox.at("search", now, now);
  }

  async tell(): Promise<void> {
    const { state, search, outbox, write } = this.#parts;
    if (!state.isThere) {
      // What is left of it is forgotten with the next call.
      const isForgotten = await search().erase(state.row.id);
      return write((now) => (isForgotten ? outbox.remove("", "search") : outbox.at("search", now, now)));
    }
    const rows = this.#due();
    const { id: conversationId, owner_id: ownerId, revision } = state.row;
    const copies = rows.map(
      ({ id, seq, role, content, attachments, created_at }): SearchCopy => ({
        messageId: id,
        seq,
        role,
        text: this.#foundBy(content, readAttachments(attachments)),
        at: created_at,
        revision,
      }),
    );
    if (copies.length > 0) await search().put({ conversationId, ownerId, copies });
    write((now) => this.#told(rows, now));
  }

  #foundBy(content: string, attachments: readonly AttachmentView[]): string {
    const names = attachments.map(({ name }) => name);
    return [content, ...names, ...this.#parts.attachments.beginningsOf(attachments)].join("\n").trim();
  }

  #due(): DueRow[] {
    return this.#parts.sql
      .exec<DueRow>(
        `SELECT seq, id, role, content, attachments, created_at, search_due FROM messages WHERE ${due} ORDER BY seq LIMIT ?`,
        copiesAtOnce,
      )
      .toArray();
  }

  /** What has changed while it was being told is told again. */
  #told(rows: readonly DueRow[], now: number): void {
    const { sql, outbox, state } = this.#parts;
    // It was erased meanwhile: that is still to be told.
    if (!state.isThere) return;
    for (const { seq, search_due } of rows)
      sql.exec("UPDATE messages SET search_due = 0 WHERE seq = ? AND search_due = ?", seq, search_due);
    outbox.remove("", "search");
    // Where a call was full, the next one has something to carry already; what else is due has its turn in between.
    this.note(now, rows.length === copiesAtOnce ? now : undefined);
  }
}
