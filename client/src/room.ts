import { CommandError, isRefusal, unanswered } from "./commands.ts";
import type { EventData, PlatformEvent } from "./events.ts";
import { tell } from "./hearing.ts";
import { patiently, until } from "./pauses.ts";
import type { ResumingSocket } from "./resuming-socket.ts";

/** Something that was said in a room. */
export type RoomMessage = EventData["room_message"];

/** Somebody who came or went. */
export type PresenceChange = EventData["presence.changed"];

export interface RoomListeners {
  /** Something was said, also what one has said oneself. */
  onMessage?(message: RoomMessage): void;
  onPresence?(change: PresenceChange): void;
  /** One is not in it any more: it is the room of something that is gone, or one may not come in again after a cut. */
  onLost?(error: CommandError): void;
}

/** Until when one waits for an answer; what has been said is not taken back. */
export interface Patience {
  signal?: AbortSignal | undefined;
}

type Line = Pick<ResumingSocket, "ready" | "ask">;

/** A room that one is in, with every connection anew. What is said while there is none is not heard. */
export class Room {
  readonly name: string;
  readonly #line: Line;
  readonly #leave: () => Promise<void>;

  constructor(name: string, line: Line, leave: () => Promise<void>) {
    this.name = name;
    this.#line = line;
    this.#leave = leave;
  }

  /** Says something to all who are there: any JSON of at most 8 KB. @throws CommandError when it may not have been said; the signal's reason */
  async send(data: unknown, { signal }: Patience = {}): Promise<void> {
    await until(this.#ask("room_message", { data }, signal), signal);
  }

  /** The ids of the users who are there. @throws CommandError; the signal's reason */
  async present({ signal }: Patience = {}): Promise<string[]> {
    return (await until(this.#ask("presence", {}, signal), signal)).users ?? [];
  }

  /** Hears no more of it. */
  leave(): Promise<void> {
    return this.#leave();
  }

  async #ask(event: string, data: object, signal: AbortSignal | undefined) {
    await this.#line.ready;
    // Whoever has given up meanwhile says nothing.
    signal?.throwIfAborted();
    return this.#line.ask(event, { room: this.name, ...data });
  }
}

/** Refusals of what may be tried again. */
const isForNow = (error: unknown): boolean =>
  isRefusal(error) && (error.code === "UPSTREAM_UNAVAILABLE" || error.code === "RATE_LIMITED");

interface Stay {
  name: string;
  listeners: RoomListeners;
  /** Settled with the first answer. */
  joined: PromiseWithResolvers<void>;
  isIn: boolean;
}

/** The rooms of a connection. */
export class Rooms {
  readonly #line: Line;
  readonly #stays = new Set<Stay>();

  constructor(line: Line) {
    this.#line = line;
  }

  /** @throws CommandError when one may not come in; what the connection ends with before that; the signal's reason */
  async join(name: string, listeners: RoomListeners, signal?: AbortSignal): Promise<Room> {
    signal?.throwIfAborted();
    const stay = { name, listeners, joined: Promise.withResolvers<void>(), isIn: false };
    // From now on, since what is said there may come together with the answer.
    this.#stays.add(stay);
    void this.#enter(stay);
    try {
      await until(stay.joined.promise, signal);
    } catch (error) {
      void this.#leave(stay);
      throw error;
    }
    return new Room(name, this.#line, () => this.#leave(stay));
  }

  /** There is a new connection, which is in no room. */
  async joinAnew(): Promise<void> {
    await Promise.all([...this.#stays].map((stay) => this.#enter(stay)));
  }

  hear(told: PlatformEvent): void {
    if (told.event === "room_message")
      for (const { listeners } of this.#staysIn(told.data.room)) tell(listeners.onMessage, told.data);
    if (told.event === "room.ended") this.#lost(told.data.room);
    if (told.event === "presence.changed")
      for (const { listeners } of this.#staysIn(told.data.room)) tell(listeners.onPresence, told.data);
  }

  /** There are no more connections. */
  ended(reason: unknown): void {
    for (const { joined } of this.#stays) joined.reject(reason ?? unanswered());
    this.#stays.clear();
  }

  #lost(room: string): void {
    for (const stay of this.#staysIn(room)) {
      this.#stays.delete(stay);
      tell(stay.listeners.onLost, new CommandError("The room has ended", true));
    }
  }

  #staysIn(room: string): Stay[] {
    return [...this.#stays].filter(({ name }) => name === room);
  }

  async #enter(stay: Stay): Promise<void> {
    try {
      const ask = async () => {
        // It may have been left meanwhile.
        if (this.#stays.has(stay)) await this.#line.ask("join_room", { room: stay.name });
      };
      await patiently(ask, undefined, isForNow);
      stay.isIn = true;
      stay.joined.resolve();
    } catch (error) {
      // Without a connection it is asked for with the next one.
      if (!isRefusal(error)) return;
      this.#stays.delete(stay);
      if (stay.isIn) tell(stay.listeners.onLost, error);
      else stay.joined.reject(error);
    }
  }

  async #leave(stay: Stay): Promise<void> {
    if (!this.#stays.delete(stay) || this.#staysIn(stay.name).length > 0) return;
    // Where there is no connection there is no room to leave.
    await this.#line.ask("leave_room", { room: stay.name }).catch(() => {});
  }
}
