import { type framesOfText, type Listener, told } from "#src/conversations/index.ts";
import type { LogEntry } from "#src/objects/conversation-api.ts";
import { hasRoom, isQuestionDue, questionFrame, withQuestion, withSent } from "#src/realtime/index.ts";
import type { NoteStore } from "./note-store.ts";
import type { Packets, Round } from "./round.ts";

/** One socket's turn to be told. */
export class Telling {
  readonly #socket: WebSocket;
  readonly #round: Round;
  #listener: Listener;
  #isChanged = false;
  hasRoom = true;

  constructor(socket: WebSocket, listener: Listener, round: Round) {
    this.#socket = socket;
    this.#listener = listener;
    this.#round = round;
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
    if (this.#say({ event: "history.gap", data })) this.#change({ seen: seq - 1 });
  }

  entry(entry: LogEntry): boolean {
    if (!this.packets(this.#round.entry(entry, this.#listener))) return false;
    this.#change({ seen: entry.seq });
    return true;
  }

  text(turnId: string, frames: ReturnType<typeof framesOfText>): void {
    for (const { event, data, shown } of frames) {
      if (!this.#say({ event, data })) return;
      this.#change({ shown: { turnId, ...shown } });
    }
  }

  /** Notes of the staff, for whoever hears it as one of them. */
  notes(notes: NoteStore): void {
    const { noted } = this.#listener;
    if (noted === undefined) return;
    for (const { number, note } of notes.after(noted)) {
      const data = { message: told(note) };
      if (!this.#say({ event: "message.created", data }, note.createdAt)) return;
      this.#change({ noted: number });
    }
  }

  /** What no log keeps: whoever has no room for it goes without. */
  passing(event: string, data: Record<string, unknown>): void {
    this.packets(this.#round.passing({ event, data }, this.#listener));
  }

  /** @returns the listener as it is now; undefined where nothing has changed */
  get changed(): Listener | undefined {
    return this.#isChanged ? this.#listener : undefined;
  }

  #say(event: { event: string; data: Record<string, unknown> }, at?: number): boolean {
    return this.packets(this.#round.packets(event, this.#listener, at));
  }

  /** @returns whether there was room for it */
  frame(frame: string): boolean {
    return this.packets(this.#round.spoken(frame, this.#listener));
  }

  /** What goes out as it is. @returns whether there was room for it */
  packets({ packets, bytes }: Packets): boolean {
    this.hasRoom = hasRoom(this.#listener.outflow, bytes);
    if (!this.hasRoom) return false;
    if (packets.length === 0) return true;
    for (const packet of packets) this.#socket.send(packet);
    this.#change({ outflow: withSent(this.#listener.outflow, bytes) });
    if (isQuestionDue(this.#listener.outflow)) {
      const id = crypto.randomUUID();
      this.#change({ outflow: withQuestion(this.#listener.outflow, id) });
      const question = this.#round.spoken(questionFrame(id, this.#round.now), this.#listener);
      for (const packet of question.packets) this.#socket.send(packet);
    }
    return true;
  }

  #change(change: Partial<Listener>): void {
    this.#isChanged = true;
    this.#listener = { ...this.#listener, ...change };
  }
}
