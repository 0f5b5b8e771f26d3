import { v7 as uuidv7 } from "uuid";
import type { TitleClosing, TitleContext } from "#src/objects/title-contract.ts";
import type { Stale } from "#src/objects/turn-contract.ts";
import type { ConversationLog } from "./conversation-log.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { Marks } from "./marks.ts";
import type { TurnOutbox } from "./turn-outbox.ts";

interface Parts {
  state: ConversationState;
  marks: Pick<Marks, "held">;
  log: ConversationLog;
  outbox: TurnOutbox;
}

/** Of a message, in UTF-16 units: what it is about is said at its beginning. */
const readUnits = 2000;

const ended: Stale = { ok: false, code: "ENDED" };

/** Where a conversation that its owner has not named gets a title, once. Times in epoch milliseconds. */
export class TitleDesk {
  readonly #sql: SqlStorage;
  readonly #parts: Parts;

  constructor(sql: SqlStorage, parts: Parts) {
    this.#sql = sql;
    this.#parts = parts;
  }

  /** An answer is there: where the persona has it so, the conversation is named after it. */
  noteAnswer(now: number): void {
    const { state, outbox } = this.#parts;
    const { title, titling } = state.row;
    if (!state.persona.autoTitle || title !== null || titling !== null) return;
    const id = uuidv7({ msecs: now });
    state.keepTitling(id);
    outbox.put(id, "title", now);
  }

  isWanted(id: string): boolean {
    return this.#parts.state.row.titling === id;
  }

  context(id: string): { ok: true; context: TitleContext } | Stale {
    if (!this.isWanted(id)) return ended;
    const question = this.#first("user");
    const answer = this.#first("assistant", question?.seq);
    return question && answer
      ? { ok: true, context: { question: question.content, answer: answer.content } }
      : ended;
  }

  close({ titleId, title }: TitleClosing, now: number): { ok: true } | Stale {
    const { state, log } = this.#parts;
    if (!this.isWanted(titleId)) return ended;
    state.describe({ title });
    log.append("conversation.updated", { title }, now);
    return { ok: true };
  }

  /** The first message of the active path that is for models, and behind which one. */
  #first(role: "user" | "assistant", behind = 0): { seq: number; content: string } | undefined {
    const { held } = this.#parts.marks;
    const rows = this.#sql.exec<{ seq: number; id: string; content: string }>(
      `SELECT seq, id, substr(content, 1, ?) AS content FROM messages
       WHERE on_path = 1 AND role = ? AND status = 'complete' AND content <> '' AND seq > ? ORDER BY seq`,
      readUnits,
      role,
      behind,
    );
    for (const row of rows) if (!held.has(row.id)) return row;
    return undefined;
  }
}
