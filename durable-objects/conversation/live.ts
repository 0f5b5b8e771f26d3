import {
  framesOfText,
  hasPlace,
  type Listener,
  type Listening,
  listenerSchema,
  olderPackets,
} from "#src/conversations/index.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { ListenersEnded } from "#src/objects/listeners-contract.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import { type Caller, closeCodes, connectionFrame, packets, withAnswer } from "#src/realtime/index.ts";
import type { AnswerTexts } from "./answer-texts.ts";
import { Attendance, type Later } from "./attendance.ts";
import type { ConversationLog } from "./conversation-log.ts";
import type { MessageStore } from "./message-store.ts";
import type { NoteStore } from "./note-store.ts";
import { packetsOf, Round } from "./round.ts";
import { Telling } from "./telling.ts";
import type { TurnRows } from "./turn-rows.ts";

/** So long somebody may have too much unread before their socket ends; milliseconds. */
const patienceMs = 5000;

interface Parts {
  id: string;
  messages: Pick<MessageStore, "get">;
  ctx: Pick<DurableObjectState, "getWebSockets" | "acceptWebSocket">;
  log: ConversationLog;
  turns: TurnRows;
  texts: AnswerTexts;
  notes: NoteStore;
  logger: Logger;
  later: Later;
  now(): number;
}

/** Why sockets are closed, as they are told. */
const endings = {
  sessionEnded: { code: closeCodes.sessionEnded, reason: "The session has ended" },
  rightsLost: { code: closeCodes.rightsLost, reason: "You may hear this conversation no longer" },
  tooSlow: { code: closeCodes.tooSlow, reason: "What was sent is not acknowledged" },
  tooBig: { code: closeCodes.tooBig, reason: "Message too large" },
  flood: { code: closeCodes.policy, reason: "Too many messages" },
} as const;

/**
 * Those who hear a conversation: each is told what it has not been told yet, from the log and of the answer that is
 * being written. How far each is stands with its socket, so one that takes nothing is only further behind, delays
 * nobody, and misses nothing; nor does one that sleeps with the object.
 */
export class Live {
  readonly #parts: Parts;
  readonly #known = new WeakMap<WebSocket, Listener>();
  readonly #attendance: Attendance;
  /** Sockets that have too much unread, and since which time that is. */
  readonly #behind = new WeakMap<WebSocket, symbol>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#attendance = new Attendance(
      (person_id, state) => this.tellPassing("presence.changed", { person_id, state }, person_id),
      parts.later,
    );
  }

  get hasListeners(): boolean {
    return this.#parts.ctx.getWebSockets().length > 0;
  }

  /** When the first of the tokens runs out with which sockets were opened; never where there is none. */
  get endsAt(): number {
    const ends = this.#open.flatMap((socket) => this.listenerOf(socket).caller?.expiresAt ?? []);
    return Math.min(Number.POSITIVE_INFINITY, ...ends);
  }

  /** Ids of those who hear the conversation. */
  get people(): string[] {
    const here = this.#open.map((socket) => this.listenerOf(socket).personId);
    return [...new Set([...here, ...this.#attendance.away])];
  }

  /** Opens a socket; undefined where there is no place for it. */
  open({ since, ...listening }: Listening, now: number): WebSocket | undefined {
    const { ctx, log, notes } = this.#parts;
    const others = this.#open.map((socket) => this.listenerOf(socket));
    const { as = "owner", kind = "user", dialect } = listening;
    if (!hasPlace(others, { ...listening, as, kind })) return undefined;
    const { 0: client, 1: server } = new WebSocketPair();
    const latest = log.latest;
    // A number that is still to come is none that can be resumed after.
    const seen = Math.min(since ?? latest, latest);
    // Notes have no place among the entries: whoever comes back is told those since the entry that they know.
    const noted =
      as === "staff" && dialect !== "socket.io"
        ? { noted: notes.lastBefore(since && log.timeOf(since)) }
        : {};
    const listener = listenerSchema.parse({ ...listening, seen, ...noted });
    ctx.acceptWebSocket(server);
    this.#keep(server, listener);
    this.guarded(server, () => {
      const data = { seq: listener.seen };
      server.send(
        listener.dialect === "own"
          ? JSON.stringify({ type: "event", event: "connection.established", data, timestamp: isoTime(now) })
          : packets.opened(crypto.randomUUID()),
      );
      this.#tell(server, this.#round(now));
    });
    const { personId } = listening;
    this.#attendance.came(personId, !others.some((one) => one.personId === personId));
    return client;
  }

  /** A socket has ended. */
  gone(socket: WebSocket): void {
    const { personId } = this.listenerOf(socket);
    const others = this.#open.filter((one) => one !== socket);
    this.#attendance.gone(personId, !others.some((one) => this.listenerOf(one).personId === personId));
  }

  /** Tells everybody what has come since. */
  tellAll(now: number): void {
    const round = this.#round(now);
    for (const socket of this.#open) this.guarded(socket, () => this.#tell(socket, round));
  }

  /** Tells everybody but one person what no log keeps. */
  tellPassing(event: string, data: Record<string, unknown>, except: string): void {
    const round = this.#round(this.#parts.now());
    for (const socket of this.#open)
      if (this.listenerOf(socket).personId !== except)
        this.#telling(socket, round, (telling) => telling.passing(event, data));
  }

  /** Answers a socket. */
  answer(socket: WebSocket, frame: string, now: number): void {
    this.#telling(socket, this.#round(now), (telling) => {
      if (!telling.frame(frame)) this.#isBehind(socket);
    });
  }

  /** Tells a client of Socket.IO what it alone is told. */
  put(socket: WebSocket, packet: string): void {
    this.#telling(socket, this.#round(this.#parts.now()), (telling) => telling.packets(packetsOf([packet])));
  }

  /** A client of Socket.IO hears the conversation from now on, or no longer. */
  join(socket: WebSocket, joined: boolean): void {
    this.#keep(socket, { ...this.listenerOf(socket), joined });
  }

  /** A socket says that it has taken what it was sent. @returns whether it was asked */
  taken(socket: WebSocket, id: string, now: number): boolean {
    const listener = this.listenerOf(socket);
    const outflow = withAnswer(listener.outflow, id);
    if (!outflow) return false;
    this.#behind.delete(socket);
    this.#keep(socket, { ...listener, outflow });
    this.guarded(socket, () => this.#tell(socket, this.#round(now)));
    return true;
  }

  /** Tells a socket all of the answer that is being written, anew. @returns up to which entry it has been told */
  sync(socket: WebSocket, now: number): number {
    const { shown: _, ...listener } = this.listenerOf(socket);
    this.#keep(socket, listener);
    this.#tell(socket, this.#round(now));
    return this.listenerOf(socket).seen;
  }

  /** Closes sockets of people who may hear it no longer. */
  endListeners({ whose, why }: ListenersEnded): void {
    for (const socket of this.#open) {
      const { caller, personId } = this.listenerOf(socket);
      // The gateway's own end with what they are told, and with its caller; it opens another where that may go on.
      if (caller) {
        if (isOf(whose, caller)) this.end(socket, why);
      } else if (whose !== "everybody" && "userId" in whose && whose.userId === personId)
        socket.close(endings[why].code, endings[why].reason);
    }
  }

  /** Closes the sockets whose token has run out. */
  endExpired(now: number): void {
    for (const socket of this.#open)
      if ((this.listenerOf(socket).caller?.expiresAt ?? Number.POSITIVE_INFINITY) <= now)
        this.end(socket, "sessionEnded");
  }

  /** Closes a socket, and says so before: also to whoever has not taken what went before. */
  end(socket: WebSocket, why: keyof typeof endings): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    const data = endings[why];
    const frame = connectionFrame({ event: "connection.closed", data: { ...data } }, this.#parts.now());
    const { dialect, joined } = this.listenerOf(socket);
    for (const packet of dialect === "own" ? [frame] : olderPackets(frame, this.#parts.id, joined))
      socket.send(packet);
    socket.close(data.code, data.reason);
  }

  /** Does something with a socket. A failure ends that socket and reaches no other. */
  guarded(socket: WebSocket, work: () => void): void {
    try {
      if (socket.readyState === WebSocket.OPEN) work();
    } catch (error) {
      this.#parts.logger.error("a socket failed and is closed", errorFields(error));
      socket.close(closeCodes.failure, "Something went wrong");
    }
  }

  /** @throws where what it has kept cannot be read */
  listenerOf(socket: WebSocket): Listener {
    const known = this.#known.get(socket);
    if (known) return known;
    const listener = listenerSchema.parse(socket.deserializeAttachment());
    this.#known.set(socket, listener);
    return listener;
  }

  get #open(): WebSocket[] {
    return this.#parts.ctx.getWebSockets().filter(({ readyState }) => readyState === WebSocket.OPEN);
  }

  #keep(socket: WebSocket, listener: Listener): void {
    this.#known.set(socket, listener);
    socket.serializeAttachment(listener);
  }

  #round(now: number): Round {
    return new Round(this.#parts, now);
  }

  #telling(socket: WebSocket, round: Round, work: (telling: Telling) => void): void {
    this.guarded(socket, () => {
      const telling = new Telling(socket, this.listenerOf(socket), round);
      work(telling);
      if (telling.changed) this.#keep(socket, telling.changed);
    });
  }

  #tell(socket: WebSocket, round: Round): void {
    this.#telling(socket, round, (telling) => {
      for (let isAll = telling.seen >= round.latest; !isAll && telling.hasRoom; ) {
        const { entries, isGap, isMore } = round.read(telling.seen);
        if (isGap) telling.skipTo(entries[0]?.seq ?? round.latest + 1);
        isAll = !entries.every((entry) => telling.entry(entry)) || !isMore;
      }
      if (telling.seen === round.latest) this.#tellText(telling, round);
      telling.notes(this.#parts.notes);
      if (!telling.hasRoom) this.#isBehind(socket);
    });
  }

  /** The answer that is being written: all of it to whoever begins to read it, else what is new. */
  #tellText(telling: Telling, { answer }: Round): void {
    if (!answer) return;
    const { turn, kept } = answer;
    telling.text(turn.id, framesOfText(turn, kept, telling.shownOf(turn.id)));
  }

  /** The gateway is waited for: whom it tells reads as fast as they can. Others have a while. */
  #isBehind(socket: WebSocket): void {
    if (!this.listenerOf(socket).caller || this.#behind.has(socket)) return;
    const time = Symbol();
    this.#behind.set(socket, time);
    this.#parts.later(() => {
      if (this.#behind.get(socket) === time) this.end(socket, "tooSlow");
    }, patienceMs);
  }
}

const isOf = (
  whose: ListenersEnded["whose"],
  { userId, sessionId }: Pick<Caller, "userId" | "sessionId">,
): boolean => {
  if (whose === "everybody") return true;
  return "userId" in whose ? whose.userId === userId : whose.sessionIds.includes(sessionId);
};
