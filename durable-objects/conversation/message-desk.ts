import {
  consequenceOf,
  handoverCause,
  heldBy,
  isRefused,
  messageTypeOf,
  told,
  unhelpfulInARow,
} from "#src/conversations/index.ts";
import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import { requestKey } from "#src/kernel/request-key.ts";
import {
  type ConversationView,
  type MessageView,
  maxMessages,
  type NewConversation,
  type NewMessage,
  type SentMessage,
  type TurnView,
} from "#src/objects/conversation-api.ts";
import type { Persona, StandingPersona } from "#src/objects/conversation-persona.ts";
import type { AttachmentDesk } from "./attachment-desk.ts";
import type { ConversationLog } from "./conversation-log.ts";
import { type ConversationState, hasEnded } from "./conversation-state.ts";
import type { HolderDesk } from "./holder-desk.ts";
import type { Marks } from "./marks.ts";
import type { MessageStore } from "./message-store.ts";
import type { NoteStore } from "./note-store.ts";
import type { Origins } from "./origins.ts";
import type { Pace } from "./pace.ts";
import type { Participants } from "./participants.ts";
import type { TurnDesk } from "./turn-desk.ts";
import type { TurnRows } from "./turn-rows.ts";

interface Parts {
  state: ConversationState;
  messages: MessageStore;
  turns: TurnRows;
  desk: TurnDesk;
  holder: HolderDesk;
  log: ConversationLog;
  pace: Pace;
  enclosures: AttachmentDesk;
  notes: NoteStore;
  participants: Participants;
  origins: Origins;
  marks: Marks;
}

const noMessage = refusal("NOT_FOUND", "No such message");
const turnRunning = refusal("TURN_RUNNING");

/** Where people write, and choose among answers. Times in epoch milliseconds. */
export class MessageDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Writes a message, and has it answered where that is wanted and its turn. */
  send(message: NewMessage, now: number): Outcome<SentMessage> {
    const { state, messages, desk, log, pace, enclosures, origins, marks } = this.#parts;
    const { sender, clientMessageId, content, persona, verdict, notNow } = message;
    const isOwner = sender.as === "owner";
    const isMeantForReply = isOwner && message.wantsReply;
    // What is held is answered once the staff lets it stand.
    const wantsReply = isMeantForReply && verdict?.action !== "hold";
    const key = requestKey([sender.id], clientMessageId, {
      content,
      wantsReply: isMeantForReply,
      parent: message.parentId ?? null,
      attachments: message.attachments?.length ? message.attachments : undefined,
    });
    const digest = key?.bodyDigest ?? "";
    const earlier = this.#earlier(message, digest);
    if (earlier) return earlier;
    const { owner_id, last_seq, active_leaf, holder } = state.row;
    if (isOwner && sender.id !== owner_id) return refusal("NOT_FOUND", "No such conversation");
    if (!isOwner && holder !== heldBy(sender.id))
      return refusal("CONFLICT", "Take the conversation before you answer in it");
    if (isOwner && state.hasClosed(persona)) return hasEnded;
    if (last_seq >= maxMessages) return refusal("CONVERSATION_FULL");
    if (notNow) return refusal("RATE_LIMITED", notNow.message, { retry_after: notNow.retryAfter });
    const tooFast = isOwner ? pace.refusalOf(sender.id, now) : undefined;
    if (tooFast) return tooFast;
    if (isRefused(verdict)) {
      pace.note(sender.id, now);
      return refusal("MESSAGE_REFUSED");
    }
    const parent = message.parentId === undefined ? undefined : messages.find(message.parentId);
    if (message.parentId !== undefined && !parent?.onPath)
      return refusal("VALIDATION_ERROR", "The parent is no message of the active path");
    const attached = enclosures.named(message.attachments ?? [], sender.id);
    if (!attached.ok) return attached;
    const is = messageTypeOf({ role: isOwner ? "user" : "agent", attachments: attached.value });
    if (message.messageType !== undefined && message.messageType !== is)
      return refusal("VALIDATION_ERROR", `With its attachments the message is of type ${is}`);
    const busy = { isPersonas: holder === "persona", isRunning: desk.running !== undefined };
    const consequence = wantsReply ? consequenceOf(busy, (persona ?? state.persona).onBusy) : "wait";
    if (consequence === "reject") return turnRunning;
    if (persona) state.keepPersona(persona);
    if (consequence === "interrupt") desk.stop("superseded", now);
    desk.reopen(now);
    const written = messages.append(
      {
        role: isOwner ? "user" : "agent",
        senderId: sender.id,
        parentId: parent?.id ?? active_leaf,
        content,
        attachments: attached.value,
        status: "complete",
        wantsReply,
        client: { id: clientMessageId, digest },
      },
      now,
    );
    if (verdict) marks.put(written.id, verdict, isMeantForReply, now);
    enclosures.attach(attached.value);
    log.append("message.created", { message: told(written), client_message_id: clientMessageId }, now);
    if (isOwner) origins.note(log.latest, message.origin);
    pace.note(sender.id, now);
    if (wantsReply && holder === "persona") this.#handOver(content, now);
    return success({ message: written, turn: desk.goOn(now) ?? null, created: true });
  }

  /** Has a person take over where the persona is published to have it so. */
  #handOver(content: string, now: number): void {
    const { state, turns, holder } = this.#parts;
    const { handover } = state.persona;
    if (!handover) return;
    const newest = turns.newest(unhelpfulInARow);
    const helpful = newest.findIndex(({ status }) => status !== "failed");
    const cause = handoverCause(handover, { content, unhelpful: helpful === -1 ? newest.length : helpful });
    if (cause) holder.change({ change: { action: "handover" }, reason: cause }, now);
  }

  /** Begins the conversation, and says so; the persona may have something to say first. */
  begin(place: { id: string; clientId: string }, conversation: NewConversation, now: number): void {
    const { state, log, participants, origins } = this.#parts;
    state.begin(place, conversation, now);
    participants.join(conversation.owner.id, now);
    log.append("conversation.created", { conversation: told(state.view()) }, now);
    origins.note(log.latest, conversation.origin);
    if (conversation.greeting !== null) this.#greet(conversation.greeting, now);
  }

  /** Writes what the persona says before anybody has asked. */
  #greet(content: string, now: number): void {
    const { state, messages, log } = this.#parts;
    const greeting = messages.append(
      { role: "assistant", senderId: state.row.instance_id, parentId: null, content, status: "complete" },
      now,
    );
    log.append("message.created", { message: told(greeting) }, now);
  }

  /** Writes a new answer beside one; one that has failed, or was stopped before its first word, is written again. */
  regenerate(messageId: string, persona: Persona | undefined, now: number): Outcome<TurnView> {
    const { state, messages, desk, pace } = this.#parts;
    const message = messages.find(messageId);
    if (!message) return noMessage;
    if (message.role !== "assistant" || message.parentId === null)
      return refusal("CONFLICT", "Only an answer can be written again");
    if (desk.running) return turnRunning;
    const { holder, last_seq, owner_id } = state.row;
    if (holder !== "persona") return refusal("CONFLICT", "A person answers in this conversation");
    if (state.hasClosed(persona)) return hasEnded;
    if (last_seq >= maxMessages) return refusal("CONVERSATION_FULL");
    const tooFast = pace.refusalOf(owner_id, now);
    if (tooFast) return tooFast;
    pace.note(owner_id, now);
    if (persona) state.keepPersona(persona);
    desk.reopen(now);
    const isReused = isNoAnswer(message) && !messages.hasChildren(messageId);
    return success(desk.begin(message.parentId, now, isReused ? message : undefined));
  }

  /** Stops the answer that is being written; what is unanswered since is answered. */
  stop(persona: StandingPersona | undefined, now: number): ConversationView {
    const { state, desk } = this.#parts;
    desk.stop("stopped", now);
    desk.goOn(now, persona);
    return state.view();
  }

  /** Goes to another branch, whose end is named. */
  activate(leafId: string, ifLeaf: string | undefined, now: number): Outcome<ConversationView> {
    const { state, messages, desk, log, pace } = this.#parts;
    if (!messages.find(leafId))
      return refusal("VALIDATION_ERROR", "The leaf is no message of this conversation");
    if (ifLeaf !== undefined && ifLeaf !== state.row.active_leaf)
      return refusal("CONFLICT", "The conversation has gone on");
    if (desk.running) return turnRunning;
    if (messages.hasChildren(leafId)) return refusal("VALIDATION_ERROR", "The message is no end of a branch");
    const { active_leaf, owner_id } = state.row;
    if (leafId === active_leaf) return success(state.view());
    // Going to another branch writes as many rows as the two differ in.
    const tooFast = pace.refusalOf(owner_id, now);
    if (tooFast) return tooFast;
    pace.note(owner_id, now);
    messages.activate(leafId);
    log.append("conversation.updated", { active_leaf: leafId }, now);
    return success(state.view());
  }

  /** What the sender's word has brought before; undefined when it is new. */
  #earlier({ sender, clientMessageId }: NewMessage, digest: string): Outcome<SentMessage> | undefined {
    const { messages, turns, notes } = this.#parts;
    const known = messages.ofClient(sender.id, clientMessageId);
    if (!known && !(sender.as === "staff" && notes.isOf(sender.id, clientMessageId))) return undefined;
    if (known?.digest !== digest)
      return refusal("CONFLICT", "This client_message_id belongs to another message");
    const { message } = known;
    return success({ message, turn: turns.answering(message.id) ?? null, created: false });
  }
}

const isNoAnswer = ({ status, content }: MessageView): boolean =>
  status === "failed" || (status === "stopped" && content === "");
