import type { ConversationLog } from "./conversation-log.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { Freezer } from "./freezer.ts";
import type { TurnDesk } from "./turn-desk.ts";
import type { TurnOutbox } from "./turn-outbox.ts";

interface Parts {
  state: ConversationState;
  desk: TurnDesk;
  log: ConversationLog;
  outbox: TurnOutbox;
  freezer: Pick<Freezer, "forget">;
}

/** What everything that was said stands in, besides the log. */
const said = [
  "messages",
  "chunks",
  "participants",
  "attachments",
  "turn_tools",
  "summaries",
  "compactions",
  "insights",
  "origins",
  "notes",
  "hidden_texts",
  "marks",
  "endings",
  "watch",
] as const;

/**
 * Erases a conversation. That it was there, and when it was erased, stays: so nothing that comes late brings anything
 * back, and lists are told until they have heard.
 */
export class Eraser {
  readonly #sql: SqlStorage;
  readonly #parts: Parts;

  constructor(sql: SqlStorage, parts: Parts) {
    this.#sql = sql;
    this.#parts = parts;
  }

  erase(now: number): void {
    const { state, desk, log, outbox, freezer } = this.#parts;
    const { running } = desk;
    desk.stop("stopped", now);
    // Always: an export may have been gathered, of which it knows nothing.
    outbox.at("files", now, now);
    freezer.forget();
    for (const table of said) this.#sql.exec(`DELETE FROM ${table}`);
    // Which run the last turn is of stays, so that it can be given up.
    this.#sql.exec("DELETE FROM turns WHERE id <> ?", running?.id ?? "");
    state.erase(now);
    outbox.put("", "forget", now);
    // Its number follows those before it, so that everybody who hears the conversation is told.
    log.append("conversation.erased", {}, now);
    log.keepOnlyLast();
  }
}
