import { isRefusal, unanswered } from "./commands.ts";
import type { EventsOf, PlatformEvent } from "./events.ts";
import { report } from "./hearing.ts";
import { LiveTexts, type TextUpdate } from "./live-texts.ts";
import { matchesAny } from "./patterns.ts";
import { Queue } from "./queue.ts";
import { type ConnectOptions, type Place, type RealtimeParts, ResumingSocket } from "./resuming-socket.ts";
import { type Patience, type Room, type RoomListeners, Rooms } from "./room.ts";
import { type Hear, Wishes } from "./wishes.ts";

interface OfThing {
  /** Of this run, or other thing, alone. */
  entityId?: string;
}

/**
 * A WebSocket that stays: it comes back when it is cut, goes on where it was, and says so where that cannot be.
 * What is listened to, and which rooms one is in, is said once, here.
 */
export class RealtimeConnection {
  readonly #socket: ResumingSocket;
  readonly #wishes = new Wishes();
  readonly #rooms: Rooms;
  readonly #queues = new Set<Pick<Queue<never>, "end">>();
  /** How it has ended. */
  #end: { reason: unknown } | undefined;

  constructor(parts: RealtimeParts, options: ConnectOptions = {}) {
    this.#socket = new ResumingSocket(parts, options, {
      greeted: async () => {
        const { all } = this.#wishes;
        await Promise.all([all && this.#socket.ask("subscribe", all), this.#rooms.joinAnew()]);
      },
      hear: (event) => {
        this.#rooms.hear(event);
        this.#wishes.tell(event);
      },
      ended: (reason) => {
        this.#end = { reason };
        this.#rooms.ended(reason);
        for (const queue of this.#queues) queue.end(reason);
      },
    });
    this.#rooms = new Rooms(this.#socket);
  }

  /** Resolves when it has been closed; rejects when it may not come back (the session has ended). */
  get closed(): Promise<void> {
    return this.#socket.closed;
  }

  /**
   * Resolves while the connection is open, and all that is listened to is agreed; rejects when it is closed.
   */
  get ready(): Promise<void> {
    return this.#socket.ready;
  }

  /** Up to where it has heard; undefined before it was open. */
  get place(): Readonly<Place> | undefined {
    return this.#socket.place;
  }

  /**
   * Listens to events whose names fit a pattern (`*` one segment, `**` the rest).
   * @param entityId only of this run, or other thing
   * @returns what ends it
   */
  on<Pattern extends string>(
    pattern: Pattern,
    handle: (event: EventsOf<Pattern>) => void,
    { entityId }: OfThing = {},
  ): () => void {
    const fits = (event: PlatformEvent): event is EventsOf<Pattern> & PlatformEvent =>
      matchesAny([pattern], event.event) && (entityId === undefined || event.entity_id === entityId);
    return this.#listen(pattern, entityId, (event) => {
      if (fits(event)) handle(event);
    });
  }

  /**
   * `on`, as something to iterate over: from now on, until the iteration or the connection ends.
   * @throws what `closed` rejects with
   */
  events<Pattern extends string>(
    pattern: Pattern,
    options: OfThing = {},
  ): AsyncIterableIterator<EventsOf<Pattern>> {
    const queue = new Queue<EventsOf<Pattern>>();
    const stop = this.on(pattern, (event) => queue.push(event), options);
    if (this.#end) queue.end(this.#end.reason);
    this.#queues.add(queue);
    return queue.read(() => {
      this.#queues.delete(queue);
      stop();
    });
  }

  /**
   * The texts of a run while they are written: each update takes the place of the one before of its task.
   * @returns what ends it
   */
  onText(runId: string, handle: (update: TextUpdate) => void): () => void {
    const texts = new LiveTexts();
    let isAsked = false;
    const ask = async () => {
      if (isAsked) return;
      isAsked = true;
      await this.#socket.ask("sync", { run: runId }).catch(() => {});
      isAsked = false;
    };
    // Who hears of a text's growth hears of its beginnings as well.
    return this.#listen("execution.delta", runId, (event) => {
      if (event.entity_id !== runId) return;
      const update = texts.take(event);
      if (update?.asks) void ask();
      if (update && update.added !== "") handle(update);
    });
  }

  /**
   * Comes into a room, and again with every connection.
   * @throws CommandError when one may not; what `closed` rejects with; the signal's reason, and one is not in it then
   */
  join(name: string, { signal, ...listeners }: RoomListeners & Patience = {}): Promise<Room> {
    if (this.#end) return Promise.reject(this.#end.reason ?? unanswered());
    return this.#rooms.join(name, listeners, signal);
  }

  /** Ends it; nothing more is heard. */
  close(): void {
    this.#socket.close();
  }

  #listen(pattern: string, entityId: string | undefined, hear: Hear): () => void {
    const data = { events: [pattern], entity_id: entityId };
    const isNew = this.#wishes.add(pattern, entityId, hear);
    if (isNew)
      this.#socket.ask("subscribe", data).catch((error: unknown) => {
        // Without a connection it is said with the next one. What is refused would be refused with all the others then.
        if (!isRefusal(error)) return;
        this.#wishes.forget(pattern, entityId);
        report(error);
      });
    return () => {
      const isLast = this.#wishes.remove(pattern, entityId, hear);
      if (isLast) this.#socket.ask("unsubscribe", data).catch(() => {});
    };
  }
}
