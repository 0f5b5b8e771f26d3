import { z } from "zod";
import {
  answerFrame,
  type Listener,
  readSocketCommand,
  type SocketAnswer,
  type SocketCommand,
  Typing,
  typingMs,
} from "#src/conversations/index.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { errorCatalogue } from "#src/kernel/error-catalogue.ts";
import { type Outcome, type Refusal, success } from "#src/kernel/outcome.ts";
import type { ReceiptView, SaidReceipt } from "#src/objects/receipt-contract.ts";

import { errorFrame, maxFrameBytes } from "#src/realtime/index.ts";
import { Flood } from "../flood.ts";
import type { Later } from "./attendance.ts";
import type { ConversationLog } from "./conversation-log.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { Freezer } from "./freezer.ts";
import type { Live } from "./live.ts";
import { OlderClients } from "./older-clients.ts";
import { dataFor } from "./round.ts";
import type { SocketMessages } from "./socket-messages.ts";

/** What commands cost that cost the conversation more than their sender; others cost 1. */
const costs: Partial<Record<SocketCommand["event"], number>> = { history: 20, "message.sync": 5, receipt: 2 };

/** The longest page of the log. */
const maxAnswerBytes = 256 * 1024;

interface Parts {
  id: string;
  state: ConversationState;
  freezer: Pick<Freezer, "thaw">;
  log: ConversationLog;
  live: Live;
  messages: SocketMessages;
  later: Later;
  now(): number;
  /** What the conversation does for REST as well. */
  conversation: {
    stop(): Promise<Outcome<unknown>>;
    receipt(said: SaidReceipt): Promise<Outcome<ReceiptView>>;
  };
}

/** Carries out what sockets say at a conversation (docs/conversations.md#the-socket). */
export class SocketDesk {
  readonly #parts: Parts;
  readonly #flood = new Flood(costs);
  readonly #older: OlderClients;
  readonly #typing = new Typing();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#older = new OlderClients(parts);
  }

  async hear(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const { live, now: clock } = this.#parts;
    const now = clock();
    const listener = live.listenerOf(socket);
    const { caller, dialect } = listener;
    if (bytesOf(message) > maxFrameBytes) {
      live.answer(socket, errorFrame("Message too large", `At most ${maxFrameBytes} bytes`, now), now);
      return live.end(socket, "tooBig");
    }
    const said = dialect === "own" ? message : this.#older.hear(socket, listener, message);
    const reading = said === undefined ? undefined : readSocketCommand(said);
    const command = reading?.ok ? reading.value : undefined;
    // An answer to our own question costs nothing.
    if (command?.event === "pong" && live.taken(socket, command.id, now)) return;
    // The gateway's own says nothing else.
    if (!caller) return;
    if (!this.#flood.admits(socket, command?.event, now)) {
      live.answer(socket, errorFrame("Too many messages", "Slow down", now), now);
      return live.end(socket, "flood");
    }
    if (!reading) return;
    if (!reading.ok)
      return live.answer(socket, errorFrame("Invalid command", reading.details, now, reading), now);
    await this.#obey(socket, reading.value, now);
  }

  async #obey(socket: WebSocket, command: SocketCommand, now: number): Promise<void> {
    const { event } = command;
    // Late, or to a question that nobody has asked.
    if (event === "pong") return;
    const listener = this.#parts.live.listenerOf(socket);
    const answered = await this.#answerTo(socket, command, listener, now);
    const frame = answered.ok
      ? answerFrame(answered.value, this.#parts.now(), command.id)
      : refusalFrame(answered, this.#parts.now(), command);
    this.#parts.live.answer(socket, frame, this.#parts.now());
  }

  async #answerTo(
    socket: WebSocket,
    command: Exclude<SocketCommand, { event: "pong" }>,
    listener: Listener,
    now: number,
  ): Promise<Outcome<SocketAnswer>> {
    const { live } = this.#parts;
    const { personId } = listener;
    switch (command.event) {
      case "ping":
        return success({ event: "pong", data: {} });
      case "message.send":
        return this.#parts.messages.send(socket, listener, command.data);
      case "message.sync":
        return success({ event: command.event, data: { seq: live.sync(socket, now) } });
      case "typing":
        if (command.data.typing) this.#parts.messages.isComing(socket, listener);
        this.#type(personId, command.data.typing, now);
        return success({ event: command.event, data: {} });
      case "receipt":
        return this.#receipt(personId, command.data);
      case "turn.stop": {
        const stopped = await this.#parts.conversation.stop();
        return stopped.ok
          ? success({ event: command.event, data: { status: this.#parts.state.row.status } })
          : stopped;
      }
      case "presence":
        return success({ event: command.event, data: { people: live.people } });
      case "history":
        // It may have been archived while somebody listens.
        await this.#parts.freezer.thaw();
        return success({ event: command.event, data: this.#history(personId, command.data) });
    }
  }

  async #receipt(
    personId: string,
    { delivered_seq, read_seq }: { delivered_seq?: number; read_seq?: number },
  ): Promise<Outcome<SocketAnswer>> {
    const held = await this.#parts.conversation.receipt({
      personId,
      delivered: delivered_seq,
      read: read_seq,
    });
    if (!held.ok) return held;
    const { delivered, read, unread } = held.value;
    return success({ event: "receipt", data: { delivered_seq: delivered, read_seq: read, unread } });
  }

  /** Tells the others; it ends by itself. */
  #type(personId: string, typing: boolean, now: number): void {
    const { live, later, now: clock } = this.#parts;
    const tell = (isTyping: boolean) =>
      live.tellPassing("typing.changed", { person_id: personId, typing: isTyping }, personId);
    if (!this.#typing.says(personId, typing, now)) return;
    tell(typing);
    if (typing)
      later(() => {
        if (this.#typing.ends(personId, clock())) tell(false);
      }, typingMs);
  }

  #history(personId: string, { since, limit }: { since: number; limit: number }) {
    const { log } = this.#parts;
    const { entries, isGap } = log.read(since, limit);
    const told = entries.map(({ at, data, ...entry }) => ({
      ...entry,
      data: dataFor(data, personId),
      timestamp: isoTime(at),
    }));
    const events = fitting(told);
    return { events, is_gap: isGap, latest: log.latest, next: events.at(-1)?.seq ?? since };
  }
}

/** As many as an answer has room for: one, however long it is. */
function fitting<T>(entries: readonly T[]): T[] {
  let room = maxAnswerBytes;
  const end = entries.findIndex((one, index) => {
    room -= bytesOf(JSON.stringify(one));
    return index > 0 && room < 0;
  });
  return entries.slice(0, end === -1 ? entries.length : end);
}

const bytesOf = (message: string | ArrayBuffer): number =>
  typeof message === "string" ? new TextEncoder().encode(message).length : message.byteLength;

const refusalFrame = (
  { code, message = errorCatalogue[code].message, details }: Refusal,
  now: number,
  { event, id }: SocketCommand,
): string => errorFrame("Refused", wordsOf(message, details), now, { command: event, id, code });

/** What is wrong with which field, where the details say so. */
function wordsOf(message: string, details: unknown): string {
  const fields = z.looseObject({ fields: z.array(z.object({ path: z.string(), message: z.string() })) });
  const found = fields.safeParse(details).data?.fields[0];
  return found ? `${found.path}: ${found.message}` : message;
}
