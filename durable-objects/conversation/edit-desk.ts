import { isRefused, told } from "#src/conversations/index.ts";
import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import {
  type MessageEdit,
  type MessageRemoval,
  type MessageView,
  maxMessages,
  type SentMessage,
} from "#src/objects/conversation-api.ts";
import type { MessageHiding } from "#src/objects/conversation-staff-api.ts";
import type { AttachmentDesk } from "./attachment-desk.ts";
import type { ConversationLog } from "./conversation-log.ts";
import { type ConversationState, hasEnded } from "./conversation-state.ts";
import type { HiddenTexts } from "./hidden-texts.ts";
import type { Marks } from "./marks.ts";
import type { MessageStore } from "./message-store.ts";
import type { Pace } from "./pace.ts";
import type { TurnDesk } from "./turn-desk.ts";

interface Parts {
  state: ConversationState;
  messages: MessageStore;
  desk: TurnDesk;
  log: ConversationLog;
  pace: Pace;
  enclosures: AttachmentDesk;
  hidden: HiddenTexts;
  marks: Marks;
}

const noMessage = refusal("NOT_FOUND", "No such message");

/** Where people change what they have written. Times in epoch milliseconds. */
export class EditDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Writes a message anew beside the one that it changes, and has it answered. Where a person holds the conversation, or
   * one has written since, it is corrected in its place: what others have said must still stand below it.
   */
  edit({ caller, messageId, content, persona, verdict }: MessageEdit, now: number): Outcome<SentMessage> {
    const { state, messages, desk, log, pace, marks } = this.#parts;
    const message = messages.find(messageId);
    const isOwn =
      message?.senderId === caller.id && message.role === (caller.as === "owner" ? "user" : "agent");
    if (!message || !isOwn || message.status !== "complete") return noMessage;
    if (caller.as === "owner" && state.hasClosed(persona)) return hasEnded;
    const tooFast = pace.refusalOf(caller.id, now);
    if (tooFast) return tooFast;
    pace.note(caller.id, now);
    if (isRefused(verdict)) return refusal("MESSAGE_REFUSED");
    const { holder, last_seq } = state.row;
    if (message.role === "agent" || holder !== "persona" || messages.hasAgentSince(message.seq)) {
      const corrected = messages.correct(messageId, content, now);
      if (verdict) marks.put(messageId, verdict, messages.withhold(messageId, verdict.action), now);
      log.append("message.updated", { message: told(corrected) }, now);
      return success({ message: corrected, turn: null, created: false });
    }
    if (last_seq >= maxMessages) return refusal("CONVERSATION_FULL");
    if (persona) state.keepPersona(persona);
    desk.stop("superseded", now);
    desk.reopen(now);
    const { parentId, senderId, attachments } = message;
    const written = messages.append(
      {
        ...{ role: "user", senderId, parentId, content, attachments, status: "complete" },
        wantsReply: verdict?.action !== "hold",
      },
      now,
    );
    if (verdict) marks.put(written.id, verdict, true, now);
    log.append("message.created", { message: told(written) }, now);
    return success({ message: written, turn: desk.goOn(now) ?? null, created: true });
  }

  /** Empties a message; an answer that is being written to it, or in it, is stopped. */
  remove({ caller, messageId }: MessageRemoval, now: number): Outcome<MessageView> {
    const { messages, hidden, enclosures, marks } = this.#parts;
    const message = messages.find(messageId);
    const may = caller.as === "staff" || (message?.senderId === caller.id && message.role === "user");
    if (!message || message.role === "system" || !may) return noMessage;
    if (message.status === "deleted") return success(message);
    this.#stopAround(messageId, now);
    const { attachments } = hidden.shown(message);
    hidden.forget(messageId);
    marks.forget(messageId);
    const emptied = this.#empty(messageId, "deleted", now);
    enclosures.release(attachments, now);
    return success(emptied);
  }

  /** Takes a message from everybody's sight but the staff's; its place stays. */
  hide({ messageId, by, reason }: MessageHiding, now: number): Outcome<MessageView> {
    const { messages, hidden, marks } = this.#parts;
    const message = messages.find(messageId);
    if (!message || message.role === "system" || message.status === "deleted") return noMessage;
    if (message.status === "hidden") return success(hidden.shown(message));
    this.#stopAround(messageId, now);
    marks.decide(messageId, "hidden", by, now);
    hidden.keep(messages.get(messageId), { by, reason }, now);
    return success(hidden.shown(this.#empty(messageId, "hidden", now)));
  }

  /** Takes an answer from everybody's sight but the staff's, because it fits a rule. */
  hideByRule(messageId: string, rule: string, now: number): void {
    const { messages, hidden } = this.#parts;
    hidden.keep(messages.get(messageId), { by: null, reason: rule }, now);
    this.#empty(messageId, "hidden", now);
  }

  #empty(messageId: string, status: "deleted" | "hidden", now: number): MessageView {
    const { messages, desk, log } = this.#parts;
    const emptied = messages.empty(messageId, status, now);
    log.blank(messageId);
    log.append(`message.${status}`, { message_id: messageId }, now);
    desk.goOn(now);
    return emptied;
  }

  /** Stops the answer that is being written to a message, or in it. */
  #stopAround(messageId: string, now: number): void {
    const { desk } = this.#parts;
    const turn = desk.running;
    if (turn && [turn.messageId, turn.answersTo].includes(messageId)) desk.stop("stopped", now);
  }
}
