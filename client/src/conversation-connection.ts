import { AnswerTexts, type AnswerUpdate } from "./answer-texts.ts";
import type { components } from "./api-types.ts";
import { isRefusal, unanswered } from "./commands.ts";
import {
  type ConversationEvent,
  type ConversationEventName,
  isNamed,
  type Message,
  type Told,
} from "./conversation-events.ts";
import { tell } from "./hearing.ts";
import { type ConnectOptions, type Place, type RealtimeParts, ResumingSocket } from "./resuming-socket.ts";

/** How a message is sent. */
export interface Sending {
  /** Your word for it: with the same one it is the same message; one of its own when left out. */
  clientMessageId?: string;
  /** Whether the persona is to answer; it is when left out. */
  reply?: boolean;
}

/** A message as it was stored, and the turn that answers it, where one has begun with it. */
export interface SentMessage {
  message: Message;
  turn: components["schemas"]["Turn"] | null;
}

/** A conversation's own WebSocket, which comes back when it is cut, and goes on where it was. */
export class ConversationConnection {
  readonly #socket: ResumingSocket;
  readonly #texts = new AnswerTexts();
  readonly #hearers = new Set<(told: Told) => void>();
  readonly #readers = new Set<(update: AnswerUpdate) => void>();
  #isAsked = false;

  constructor(parts: RealtimeParts, options: ConnectOptions = {}) {
    this.#socket = new ResumingSocket(parts, options, {
      greeted: async () => {},
      hear: (told) => this.#hear({ timestamp: "", ...told }),
      ended: () => this.#hearers.clear(),
    });
  }

  /** Resolves when it has been closed; rejects when it may not come back. */
  get closed(): Promise<void> {
    return this.#socket.closed;
  }

  /** Resolves while it is open; rejects when it is closed. */
  get ready(): Promise<void> {
    return this.#socket.ready;
  }

  /** Up to where it has heard: given as `since` to another one, that goes on there. */
  get place(): Readonly<Place> | undefined {
    return this.#socket.place;
  }

  /** @returns what ends it */
  on<Name extends ConversationEventName>(
    name: Name,
    handle: (event: ConversationEvent<Name>) => void,
  ): () => void {
    const hear = (told: Told) => {
      if (isNamed(told, name)) handle(told);
    };
    this.#hearers.add(hear);
    return () => this.#hearers.delete(hear);
  }

  /**
   * Answers while they are written: each update takes the place of the one before of its message.
   * @returns what ends it
   */
  onText(handle: (update: AnswerUpdate) => void): () => void {
    this.#readers.add(handle);
    return () => this.#readers.delete(handle);
  }

  /**
   * Writes a message. Where the connection is cut before the answer it is sent again, and is the same message.
   * @throws CommandError when it is refused; what `closed` rejects with
   */
  async send(
    content: string,
    { clientMessageId = crypto.randomUUID(), reply }: Sending = {},
  ): Promise<SentMessage> {
    for (;;) {
      await this.ready;
      try {
        const said = { client_message_id: clientMessageId, content, ...(reply !== undefined && { reply }) };
        const { message, turn = null } = await this.#socket.ask("message.send", said);
        if (!message) throw unanswered();
        return { message, turn };
      } catch (error) {
        if (isRefusal(error)) throw error;
      }
    }
  }

  /** Says that one is typing, or no more. */
  typing(isTyping = true): void {
    this.#say("typing", { typing: isTyping });
  }

  /** Says up to which message one has read. */
  read(seq: number): void {
    this.#say("receipt", { read_seq: seq });
  }

  /** Stops the answer that is being written; what is written stays. */
  stop(): void {
    this.#say("turn.stop");
  }

  /** Ends it; nothing more is heard. */
  close(): void {
    this.#socket.close();
  }

  /** What may get lost, or be refused, without harm. */
  #say(event: string, data?: object): void {
    this.#socket.ask(event, data).catch(() => {});
  }

  #hear(told: Told): void {
    const update = this.#texts.take(told);
    if (update?.asks) void this.#sync();
    if (update && update.added !== "")
      for (const read of this.#readers)
        tell(read, { messageId: update.messageId, text: update.text, added: update.added });
    if (isNamed(told, "message.completed", "message.stopped", "message.failed"))
      this.#texts.forget(told.data.message_id);
    for (const hear of this.#hearers) tell(hear, told);
  }

  async #sync(): Promise<void> {
    if (this.#isAsked) return;
    this.#isAsked = true;
    await this.#socket.ask("message.sync").catch(() => {});
    this.#isAsked = false;
  }
}
