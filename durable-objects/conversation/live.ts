import {
  framesOfText,
  type Listener,
  type Listening,
  listenerSchema,
  maxListeners,
  takenSchema,
  told,
} from "#src/conversations/index.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { LogEntry } from "#src/objects/conversation-api.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import {
  closeCodes,
  hasRoom,
  isQuestionDue,
  questionFrame,
  withAnswer,
  withQuestion,
  withSent,
} from "#src/realtime/index.ts";
import type { AnswerTexts } from "./answer-texts.ts";
import type { ConversationLog } from "./conversation-log.ts";
import type { NoteStore } from "./note-store.ts";
import type { TurnRows } from "./turn-rows.ts";

/** Entries that are read at a time. */
const page = 200;

interface Parts {
  ctx: Pick<DurableObjectState, "getWebSockets" | "acceptWebSocket">;
  log: ConversationLog;
  turns: TurnRows;
  texts: AnswerTexts;
  notes: NoteStore;
  logger: Logger;
}

const encoder = new TextEncoder();

/**
 * Those who hear a conversation: each is told what it has not been told yet, from the log and of the answer that is
 * being written. How far each is stands with its socket, so one that takes nothing is only further behind, delays
 * nobody, and misses nothing; nor does one that sleeps with the object.
 */
export class Live {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get hasListeners(): boolean {
    return this.#parts.ctx.getWebSockets().length > 0;
  }

  /** Opens a socket; undefined when there are too many. */
  open({ personId, since, as }: Listening, now: number): WebSocket | undefined {
    const { ctx, log, notes } = this.#parts;
    if (ctx.getWebSockets().length >= maxListeners) return undefined;
    const { 0: client, 1: server } = new WebSocketPair();
    const latest = log.latest;
    // A number that is still to come is none that can be resumed after.
    const seen = Math.min(since ?? latest, latest);
    // Notes have no place among the entries: whoever comes back is told those since the entry that they know.
    const noted = as === "staff" ? { noted: notes.lastBefore(since && log.timeOf(since)) } : {};
    const listener = listenerSchema.parse({ personId, seen, ...noted });
    ctx.acceptWebSocket(server);
    server.serializeAttachment(listener);
    this.#guarded(server, () => {
      const data = { seq: listener.seen };
      server.send(
        JSON.stringify({ type: "event", event: "connection.established", data, timestamp: isoTime(now) }),
      );
      this.#tell(server, now);
    });
    return client;
  }

  /** Tells everybody what has come since. */
  tellAll(now: number): void {
    for (const socket of this.#parts.ctx.getWebSockets())
      this.#guarded(socket, () => this.#tell(socket, now));
  }

  /** A socket says that it has taken what it was sent. */
  hear(socket: WebSocket, message: string | ArrayBuffer, now: number): void {
    this.#guarded(socket, () => {
      const said = takenSchema.safeParse(typeof message === "string" ? JSON.parse(message) : undefined);
      const listener = listenerSchema.parse(socket.deserializeAttachment());
      const outflow = said.success ? withAnswer(listener.outflow, said.data.id) : undefined;
      if (!outflow) return;
      socket.serializeAttachment({ ...listener, outflow });
      this.#tell(socket, now);
    });
  }

  #guarded(socket: WebSocket, work: () => void): void {
    try {
      if (socket.readyState === WebSocket.OPEN) work();
    } catch (error) {
      this.#parts.logger.error("a socket failed and is closed", errorFields(error));
      socket.close(closeCodes.failure, "Something went wrong");
    }
  }

  #tell(socket: WebSocket, now: number): void {
    const { log } = this.#parts;
    const before: Listener = listenerSchema.parse(socket.deserializeAttachment());
    const telling = new Telling(socket, before, now);
    for (let isMore = true; isMore && telling.hasRoom; ) {
      const { entries, isGap } = log.read(telling.seen, page);
      if (isGap) telling.skipTo(entries[0]?.seq ?? log.latest + 1);
      isMore = entries.length === page;
      if (!entries.every((entry) => telling.entry(entry))) isMore = false;
    }
    if (telling.seen === log.latest) this.#tellText(telling);
    telling.notes(this.#parts.notes);
    telling.keep();
  }

  /** The answer that is being written: all of it to whoever begins to read it, else what is new. */
  #tellText(telling: Telling): void {
    const { turns, texts } = this.#parts;
    const turn = turns.running;
    const kept = turn && texts.keptOf(turn.id);
    if (turn && kept) telling.text(turn.id, framesOfText(turn, kept, telling.shownOf(turn.id)));
  }
}

/** One socket's turn to be told. */
class Telling {
  readonly #socket: WebSocket;
  readonly #now: number;
  #listener: Listener;
  #isChanged = false;
  hasRoom = true;

  constructor(socket: WebSocket, listener: Listener, now: number) {
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

  entry({ seq, event, data, at }: LogEntry): boolean {
    if (!this.#send({ event, data, seq }, at)) return false;
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

  /** What a hibernating socket has to remember. */
  keep(): void {
    if (this.#isChanged) this.#socket.serializeAttachment(this.#listener);
  }

  #send(told: { event: string; data: Record<string, unknown>; seq?: number }, at = this.#now): boolean {
    const frame = JSON.stringify({ type: "event", ...told, timestamp: isoTime(at) });
    const bytes = encoder.encode(frame).length;
    this.hasRoom = hasRoom(this.#listener.outflow, bytes);
    if (!this.hasRoom) return false;
    this.#socket.send(frame);
    this.#change({ outflow: withSent(this.#listener.outflow, bytes) });
    if (isQuestionDue(this.#listener.outflow)) {
      const id = crypto.randomUUID();
      this.#change({ outflow: withQuestion(this.#listener.outflow, id) });
      this.#socket.send(questionFrame(id, this.#now));
    }
    return true;
  }

  #change(change: Partial<Listener>): void {
    this.#isChanged = true;
    this.#listener = { ...this.#listener, ...change };
  }
}
