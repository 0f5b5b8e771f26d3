import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { v7 as uuidv7 } from "uuid";
import { staleness, told } from "#src/conversations/index.ts";
import type { MessageView, TurnView } from "#src/objects/conversation-api.ts";
import type { StandingPersona } from "#src/objects/conversation-persona.ts";
import {
  maxAnswerBytes,
  maxAttempts,
  type Stale,
  type TurnClosing,
  type TurnDelta,
  type TurnKey,
  type TurnRunEnded,
  turnClosingSchema,
} from "#src/objects/turn-contract.ts";
import type { AnswerTexts } from "./answer-texts.ts";
import type { ConversationLog } from "./conversation-log.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { MessageStore } from "./message-store.ts";
import type { TurnOutbox } from "./turn-outbox.ts";
import type { TurnRows } from "./turn-rows.ts";

interface Parts {
  state: ConversationState;
  messages: MessageStore;
  turns: TurnRows;
  texts: AnswerTexts;
  log: ConversationLog;
  outbox: TurnOutbox;
}

/** How a turn ends that brings no answer of its own. */
interface Ending {
  status: "stopped" | "failed" | "superseded";
  error?: string;
  /** Its run has ended by itself, so that nobody need give it up. */
  isRunOver?: boolean;
}

const stale = (code: Stale["code"]): Stale => ({ ok: false, code });

/**
 * Where turns begin, are written and end. What it writes belongs together: whoever calls it does so in a transaction.
 * Times in epoch milliseconds.
 */
export class TurnDesk {
  readonly #parts: Parts;
  /** When the first text of turns came. Who is evicted meanwhile does not know it, and does not tell it. */
  readonly #firstTexts = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get running(): TurnView | undefined {
    return this.#parts.turns.running;
  }

  /**
   * Begins a turn: its id, its epoch, the message that the answer goes into, and what asks for its run.
   * @param into a message that has failed, whose place the new answer takes
   */
  begin(answersTo: string, now: number, into?: MessageView): TurnView {
    const { state, messages, turns, log, outbox } = this.#parts;
    const { holder_epoch: epoch, instance_id: senderId } = state.row;
    const id = uuidv7({ msecs: now });
    const message = into
      ? messages.changeAnswer(into.id, { turn_id: id, content: "", status: "pending" }, now)
      : messages.append(
          { role: "assistant", senderId, parentId: answersTo, content: "", status: "pending", turnId: id },
          now,
        );
    if (into) messages.activate(into.id);
    const turn = turns.begin({ id, answersTo, messageId: message.id, epoch }, now);
    outbox.put(id, "start", now);
    log.append(into ? "message.updated" : "message.created", { message: told(message) }, now);
    log.append("turn.started", { ...newsOf(turn), answers_to: answersTo }, now);
    return turn;
  }

  /** Begins a turn where the persona holds the conversation and something at its end is unanswered. */
  goOn(now: number, persona?: StandingPersona): TurnView | undefined {
    const { state, messages } = this.#parts;
    if (persona === null) return undefined;
    if (persona) state.keepPersona(persona);
    const { holder, active_leaf, status } = state.row;
    if (holder !== "persona" || status === "ended" || this.running) return undefined;
    return active_leaf !== null && messages.isAnswerDue ? this.begin(active_leaf, now) : undefined;
  }

  /** Goes on where the conversation had ended, and says so. */
  reopen(now: number): void {
    const { state, log } = this.#parts;
    if (state.reopen()) log.append("conversation.updated", { status: state.row.status }, now);
  }

  /** Ends the running turn before it has ended by itself; what was written of it stays. */
  stop(status: "stopped" | "superseded", now: number): void {
    const turn = this.running;
    if (turn) this.end(turn, { status }, now);
  }

  /** Whoever writes the answer from its start has a number of their own: of two the later one is heard. */
  beginAttempt(key: TurnKey): { ok: true; attempt: number } | Stale {
    const turn = this.meant(key);
    if ("ok" in turn) return turn;
    const attempt = turn.attempt + 1;
    if (attempt > maxAttempts) return stale("ATTEMPT_PASSED");
    this.#parts.turns.heard(turn.id, attempt);
    return { ok: true, attempt };
  }

  write(delta: TurnDelta, now: number): { ok: true; have: number } | Stale {
    const { messages, turns, texts, log } = this.#parts;
    const turn = this.meant(delta);
    if ("ok" in turn) return turn;
    const { turnId, attempt } = delta;
    const taken = texts.take(delta);
    if (!taken) return stale("TOO_LONG");
    if (attempt > turn.attempt && taken.fresh) turns.heard(turnId, attempt);
    const { messageId } = turn;
    if (taken.fresh && !this.#firstTexts.has(turnId)) this.#firstTexts.set(turnId, now);
    if (taken.fresh?.offset === 0)
      messages.changeAnswer(messageId, { turn_id: turnId, status: "streaming" }, now);
    if (taken.isReset) log.append("message.reset", { message_id: messageId, attempt }, now);
    return { ok: true, have: taken.have };
  }

  close(closing: TurnClosing, now: number): { ok: true } | Stale {
    const closed = this.finish(closing, now);
    if (closed.ok) this.goOn(now);
    return closed;
  }

  /** Ends the turn with its answer, and begins no other. */
  finish(given: TurnClosing, now: number): { ok: true } | Stale {
    const { turns, log, messages, texts } = this.#parts;
    const { text, parts, model, usage, ...key } = turnClosingSchema.parse(given);
    const known = turns.find(key.turnId);
    if (known?.status === "done" && known.epoch === key.epoch) return { ok: true };
    const turn = this.meant(key);
    if ("ok" in turn) return turn;
    const bytes = utf8ToBytes(text);
    if (bytes.length > maxAnswerBytes) return stale("TOO_LONG");
    const change = {
      turn_id: turn.id,
      content: text,
      parts: parts.length === 0 ? null : JSON.stringify(parts),
      status: "complete" as const,
      model,
      usage: JSON.stringify(usage),
    };
    messages.changeAnswer(turn.messageId, change, now);
    texts.drop(turn.id);
    turns.heard(turn.id, key.attempt);
    turns.end(turn.id, "done", null, now);
    const digest = bytesToHex(sha256(bytes));
    log.append(
      "message.completed",
      { message_id: turn.messageId, text_length: text.length, sha256: digest, usage },
      now,
    );
    log.append("turn.ended", { ...newsOf({ ...turn, status: "done" }), ...this.#firstDeltaOf(turn) }, now);
    this.#haveJudged(turn.id, text, now);
    return { ok: true };
  }

  /** A run that has ended ends its turn, unless that has ended before. */
  runEnded({ turnId, runId, status, error }: TurnRunEnded, now: number): void {
    const turn = this.#parts.turns.find(turnId);
    if (turn?.status !== "running") return;
    this.#parts.turns.belongsTo(turnId, runId);
    const ending: Ending =
      status === "cancelled"
        ? { status: "stopped" }
        : { status: "failed", error: error?.code ?? "INTERNAL_ERROR" };
    this.end({ ...turn, runId }, { ...ending, isRunOver: true }, now);
    this.goOn(now);
  }

  /** The turn's run exists; one that ended meanwhile is given up. */
  started(turnId: string, runId: string, now: number): void {
    const { turns, outbox } = this.#parts;
    turns.belongsTo(turnId, runId);
    outbox.remove(turnId, "start");
    const ended = turns.find(turnId)?.status;
    if (ended === "stopped" || ended === "superseded") outbox.put(turnId, "cancel", now);
  }

  end(turn: TurnView, { status, error, isRunOver = false }: Ending, now: number): void {
    const { messages, texts, turns, log, outbox } = this.#parts;
    const text = texts.textOf(turn.id);
    const outcome = status === "failed" ? "failed" : "stopped";
    messages.changeAnswer(
      turn.messageId,
      { turn_id: turn.id, content: text, status: outcome, error: error ?? null },
      now,
    );
    texts.drop(turn.id);
    turns.end(turn.id, status, error ?? null, now);
    outbox.remove(turn.id, "start");
    if (!isRunOver && turn.runId !== null) outbox.put(turn.id, "cancel", now);
    const digest = bytesToHex(sha256(utf8ToBytes(text)));
    log.append(
      `message.${outcome}`,
      { message_id: turn.messageId, text_length: text.length, sha256: digest, ...(error && { error }) },
      now,
    );
    log.append("turn.ended", { ...newsOf({ ...turn, status }), ...this.#firstDeltaOf(turn) }, now);
    this.#haveJudged(turn.id, text, now);
  }

  /** How long it took until the first text of a turn came that ends now. */
  #firstDeltaOf({ id }: TurnView): { first_delta_ms?: number } {
    const [from, to] = [this.#parts.turns.beganAt(id), this.#firstTexts.get(id)];
    this.#firstTexts.delete(id);
    return from === undefined || to === undefined ? {} : { first_delta_ms: Math.max(0, to - from) };
  }

  /** Where the tenant has rules, what was written is held against them: now, and not while it is written. */
  #haveJudged(turnId: string, text: string, now: number): void {
    const { state, outbox } = this.#parts;
    if (text !== "" && state.persona.moderated) outbox.put(turnId, "judge", now);
  }

  /** The turn that a call means, or why the call changes nothing. */
  meant(key: TurnKey & { attempt?: number }): TurnView | Stale {
    const turn = this.#parts.turns.find(key.turnId);
    const code = staleness(turn, key, this.#parts.state.row.holder_epoch);
    return turn && code === undefined ? turn : stale(code ?? "NOT_FOUND");
  }
}

/** What whoever listens is told of a turn; its run is there a little later than itself. */
const newsOf = ({ id, messageId, runId, status }: TurnView) => ({
  turn_id: id,
  message_id: messageId,
  run_id: runId,
  status,
});
