import { type framesOfText, type Listener, olderPackets, told } from "#src/conversations/index.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { LogEntry } from "#src/objects/conversation-api.ts";
import { hasRoom, isQuestionDue, questionFrame, withQuestion, withSent } from "#src/realtime/index.ts";
import type { MessageStore } from "./message-store.ts";
import type { NoteStore } from "./note-store.ts";

const encoder = new TextEncoder();

/** The conversation that is told of. */
interface Spoken {
  id: string;
  messages: Pick<MessageStore, "get">;
}

/** Entries that say that an answer is there, as far as it goes. */
const written: readonly string[] = ["message.completed", "message.stopped"];

/** One socket's turn to be told. */
export class Telling {
  readonly #socket: WebSocket;
  readonly #now: number;
  readonly #conversation: Spoken;
  #listener: Listener;
  #isChanged = false;
  hasRoom = true;

  constructor(socket: WebSocket, listener: Listener, now: number, conversation: Spoken) {
    this.#conversation = conversation;
    this.#socket = socket;
    this.#listener = listener;
    this.#now = now;
  }

  get seen(): number {
    return this.#listener.seen;
  }

  shownOf(turnId: string): Listener["shown"] {
    const { shown } = this.#listener;
    return shown?.turnId === turnId ? shown : undefined;
  }

  /** Entries are not kept any more: the messages say what has become of them. */
  skipTo(seq: number): void {
    const data = { since: this.seen, oldest: seq };
    if (this.#send({ event: "history.gap", data })) this.#change({ seen: seq - 1 });
  }

  entry(entry: LogEntry): boolean {
    const { seq, event, data, at } = this.#inWhole(entry);
    if (!this.#send({ event, data: dataFor(data, this.#listener.personId), seq }, at)) return false;
    this.#change({ seen: seq });
    return true;
  }

  text(turnId: string, frames: ReturnType<typeof framesOfText>): void {
    for (const { event, data, shown } of frames) {
      if (!this.#send({ event, data })) return;
      this.#change({ shown: { turnId, ...shown } });
    }
  }

  /** Notes of the staff, for whoever hears it as one of them. */
  notes(notes: NoteStore): void {
    const { noted } = this.#listener;
    if (noted === undefined) return;
    for (const { number, note } of notes.after(noted)) {
      const data = { message: told(note) };
      if (!this.#send({ event: "message.created", data }, note.createdAt)) return;
      this.#change({ noted: number });
    }
  }

  /** What no log keeps: whoever has no room for it goes without. */
  passing(event: string, data: Record<string, unknown>): void {
    this.#send({ event, data });
  }

  /** @returns the listener as it is now; undefined where nothing has changed */
  get changed(): Listener | undefined {
    return this.#isChanged ? this.#listener : undefined;
  }

  #send(event: { event: string; data: Record<string, unknown>; seq?: number }, at = this.#now): boolean {
    return this.frame(JSON.stringify({ type: "event", ...event, timestamp: isoTime(at) }));
  }

  /** @returns whether there was room for it */
  frame(frame: string): boolean {
    return this.packets(this.#spoken(frame));
  }

  /** What goes out as it is. @returns whether there was room for it */
  packets(packets: readonly string[]): boolean {
    const bytes = packets.reduce((sum, packet) => sum + encoder.encode(packet).length, 0);
    this.hasRoom = hasRoom(this.#listener.outflow, bytes);
    if (!this.hasRoom) return false;
    if (packets.length === 0) return true;
    for (const packet of packets) this.#socket.send(packet);
    this.#change({ outflow: withSent(this.#listener.outflow, bytes) });
    if (isQuestionDue(this.#listener.outflow)) {
      const id = crypto.randomUUID();
      this.#change({ outflow: withQuestion(this.#listener.outflow, id) });
      for (const packet of this.#spoken(questionFrame(id, this.#now))) this.#socket.send(packet);
    }
    return true;
  }

  /** A frame as the client speaks. */
  #spoken(frame: string): string[] {
    const { dialect, joined } = this.#listener;
    return dialect === "own" ? [frame] : olderPackets(frame, this.#conversation.id, joined);
  }

  /** Who hears nothing of an answer while it is written hears of it once it is there. */
  #inWhole(entry: LogEntry): LogEntry {
    const { message_id: id } = entry.data;
    if (this.#listener.dialect === "own" || typeof id !== "string" || !written.includes(entry.event))
      return entry;
    const message = told(this.#conversation.messages.get(id));
    return { ...entry, event: "message.created", data: { message } };
  }

  #change(change: Partial<Listener>): void {
    this.#isChanged = true;
    this.#listener = { ...this.#listener, ...change };
  }
}

/** What an entry says to somebody: the sender's own word for a message is for nobody else. */
export function dataFor(
  { client_message_id, ...data }: Record<string, unknown>,
  personId: string,
): Record<string, unknown> {
  const { message } = data;
  const isOwn =
    typeof message === "object" &&
    message !== null &&
    "sender_id" in message &&
    message.sender_id === personId;
  return client_message_id !== undefined && isOwn ? { ...data, client_message_id } : data;
}
