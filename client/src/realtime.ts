import { PersonaError, refusalOf } from "./errors.ts";
import type { EventData, EventsOf, PlatformEvent } from "./events.ts";
import { LiveTexts, type TextUpdate } from "./live-texts.ts";
import { matchesAny } from "./patterns.ts";
import { pauseMs, waited } from "./pauses.ts";
import type { Fetch } from "./signed-fetch.ts";
import type { TokenSource } from "./tokens.ts";
import { Wishes } from "./wishes.ts";

/** How a connection stands: `waiting` is between two attempts. */
export type ConnectionState = "connecting" | "open" | "waiting" | "closed";

/** Events that are not to be had any more: those behind `since` and before `oldest`. */
export type Gap = EventData["history.gap"];

/** A place in the tenant's log: the log itself, and the last number that was heard. */
export interface Place {
  epoch?: string;
  seq: number;
}

export interface ConnectOptions {
  /** Called when something was missed for good; what depends on it is best read anew. */
  onGap?(gap: Gap): void;
  onState?(state: ConnectionState): void;
  /** Where an earlier connection was (its `place`): what has happened since is heard as well. */
  since?: Place;
  /** Ends the connection. */
  signal?: AbortSignal;
}

export interface RealtimeParts {
  baseUrl: string;
  fetch: Fetch;
  tokens: TokenSource;
}

/** What a refused command was refused for. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** A frame of the socket (docs/realtime.md). */
type Frame =
  | (PlatformEvent & { type: "event"; id?: string })
  | { type: "response"; event: string; id?: string }
  | { type: "error"; id?: string; error: string; data: { details: string } }
  | { type: "batch"; frames: Frame[] };

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

/** So long an attempt may take, and so long nothing may be heard before the server is asked whether it is there. */
const [patienceMs, silenceMs] = [10_000, 45_000];

/** Closes after which only whoever has a session may come again. */
const sessionEnds: readonly number[] = [4001, 4003];

/**
 * A WebSocket that stays: it comes back when it is cut, goes on where it was, and says so where that cannot be.
 * What is listened to is said once, here.
 */
export class RealtimeConnection {
  /** Resolves when it has been closed; rejects when it may not come back (the session has ended). */
  readonly closed: Promise<void>;
  readonly #parts: RealtimeParts;
  readonly #options: ConnectOptions;
  readonly #end = new AbortController();
  readonly #wishes = new Wishes();
  readonly #commands = new Map<string, Waiting>();
  #socket: WebSocket | undefined;
  #opened = Promise.withResolvers<void>();
  #place: Place | undefined;
  #heardAt = 0;
  #command = 0;

  constructor(parts: RealtimeParts, options: ConnectOptions = {}) {
    this.#parts = parts;
    this.#options = options;
    this.#place = options.since;
    options.signal?.addEventListener("abort", () => this.close(), { once: true });
    // Whoever waits for an opening that does not come is told so by `closed`.
    this.#opened.promise.catch(() => {});
    this.closed = options.signal?.aborted ? Promise.resolve() : this.#stay();
  }

  /** Resolves while the connection is open, and all that is listened to is agreed. */
  get ready(): Promise<void> {
    return this.#opened.promise;
  }

  /** Up to where it has heard; undefined before it was open. */
  get place(): Readonly<Place> | undefined {
    return this.#place;
  }

  /**
   * Listens to events whose names fit a pattern (`*` one segment, `**` the rest).
   * @param entityId only of this run, or other thing
   * @returns what ends it
   */
  on<Pattern extends string>(
    pattern: Pattern,
    handle: (event: EventsOf<Pattern>) => void,
    { entityId }: { entityId?: string } = {},
  ): () => void {
    const fits = (event: PlatformEvent): event is EventsOf<Pattern> & PlatformEvent =>
      matchesAny([pattern], event.event) && (entityId === undefined || event.entity_id === entityId);
    const hear = (event: PlatformEvent) => {
      if (fits(event)) handle(event);
    };
    const isNew = this.#wishes.add(pattern, entityId, hear);
    if (isNew) this.#say("subscribe", { events: [pattern], entity_id: entityId });
    return () => {
      const isLast = this.#wishes.remove(pattern, entityId, hear);
      if (isLast) this.#say("unsubscribe", { events: [pattern], entity_id: entityId });
    };
  }

  /**
   * `on`, as something to iterate over: from now on, until the iteration or the connection ends.
   * @throws what `closed` rejects with
   */
  events<Pattern extends string>(
    pattern: Pattern,
    options: { entityId?: string } = {},
  ): AsyncIterableIterator<EventsOf<Pattern>> {
    const heard: EventsOf<Pattern>[] = [];
    let more = Promise.withResolvers<void>();
    const stop = this.on(
      pattern,
      (event) => {
        heard.push(event);
        more.resolve();
      },
      options,
    );
    const ended = this.closed.then(() => "ended" as const);
    ended.catch(() => {});
    const iterate = async function* (): AsyncGenerator<EventsOf<Pattern>> {
      try {
        for (;;) {
          for (let event = heard.shift(); event !== undefined; event = heard.shift()) yield event;
          if ((await Promise.race([more.promise, ended])) === "ended" && heard.length === 0) return;
          more = Promise.withResolvers();
        }
      } finally {
        stop();
      }
    };
    return iterate();
  }

  /**
   * The texts of a run while they are written: each update takes the place of the one before of its task.
   * @returns what ends it
   */
  onText(runId: string, handle: (update: TextUpdate) => void): () => void {
    const texts = new LiveTexts();
    const take = (event: PlatformEvent) => {
      const update = texts.take(event);
      if (update?.asks) this.#say("sync", { run: runId });
      if (update && update.added !== "") handle(update);
    };
    const names = ["execution.snapshot", "execution.delta", "execution.reset"] as const;
    const stops = names.map((name) => this.on(name, take, { entityId: runId }));
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Ends it; nothing more is heard. */
  close(): void {
    this.#end.abort();
    this.#socket?.close(1000);
  }

  async #stay(): Promise<void> {
    const { signal } = this.#end;
    try {
      for (let failures = 0; !signal.aborted; ) {
        this.#options.onState?.("connecting");
        const { wasOpen, code } = await this.#attempt();
        if (signal.aborted) return;
        failures = wasOpen ? 1 : failures + 1;
        this.#options.onState?.("waiting");
        // A handshake does not say why it was refused.
        if (!wasOpen || sessionEnds.includes(code)) await this.#askForSession();
        await waited(pauseMs(failures), signal).catch(() => {});
      }
    } catch (error) {
      this.#opened.reject(error);
      throw error;
    } finally {
      this.#options.onState?.("closed");
    }
  }

  /** @throws PersonaError when there is no session any more */
  async #askForSession(): Promise<void> {
    const { baseUrl, fetch } = this.#parts;
    try {
      const response = await fetch(new Request(`${baseUrl}/api/v1/auth/session`));
      if (response.status === 401 || response.status === 403) throw await refusalOf(response);
      await response.body?.cancel();
    } catch (error) {
      // That nothing answers says nothing about the session.
      if (error instanceof PersonaError) throw error;
    }
  }

  /** One socket, from its opening to its end. */
  async #attempt(): Promise<{ wasOpen: boolean; code: number }> {
    const socket = await this.#open();
    if (!socket) return { wasOpen: false, code: 0 };
    this.#socket = socket;
    let isEstablished = false;
    const { promise, resolve } = Promise.withResolvers<number>();
    const timer = setInterval(() => this.#doubt(socket, isEstablished), patienceMs);
    this.#heardAt = Date.now();
    socket.addEventListener("message", ({ data }) => {
      this.#heardAt = Date.now();
      const frame: Frame = JSON.parse(String(data));
      for (const one of frame.type === "batch" ? frame.frames : [frame]) {
        if (one.type === "event" && one.event === "connection.established") isEstablished = true;
        this.#hear(one);
      }
    });
    socket.addEventListener("close", ({ code }) => resolve(code));
    socket.addEventListener("error", () => resolve(0));
    if (this.#end.signal.aborted) socket.close(1000);
    const code = await promise;
    clearInterval(timer);
    this.#socket = undefined;
    if (isEstablished) {
      this.#opened = Promise.withResolvers();
      this.#opened.promise.catch(() => {});
    }
    for (const { reject } of this.#commands.values()) reject(new CommandError("The connection was cut"));
    this.#commands.clear();
    return { wasOpen: isEstablished, code };
  }

  async #open(): Promise<WebSocket | undefined> {
    const { baseUrl, tokens } = this.#parts;
    const url = new URL(`${baseUrl.replace(/^http/, "ws")}/api/v1/ws?batch=1`);
    if (this.#place) {
      url.searchParams.set("since", String(this.#place.seq));
      if (this.#place.epoch !== undefined) url.searchParams.set("epoch", this.#place.epoch);
    }
    try {
      const token = await tokens.get();
      return new WebSocket(url.href, token === undefined ? [] : ["bearer", token]);
    } catch (error) {
      if (error instanceof PersonaError) throw error;
      return undefined;
    }
  }

  /** A socket that nothing comes from is asked; one that does not answer is given up. */
  #doubt(socket: WebSocket, isEstablished: boolean): void {
    const silence = Date.now() - this.#heardAt;
    if (silence > silenceMs + 2 * patienceMs || (!isEstablished && silence >= patienceMs)) socket.close(4000);
    else if (silence > silenceMs) this.#say("ping");
  }

  #hear(frame: Frame): void {
    if (frame.type === "event") this.#happened(frame);
    if (frame.type === "event" || frame.type === "batch" || frame.id === undefined) return;
    const waiting = this.#commands.get(frame.id);
    this.#commands.delete(frame.id);
    if (frame.type === "response") waiting?.resolve();
    else waiting?.reject(new CommandError(`${frame.error}: ${frame.data.details}`));
  }

  #happened(frame: PlatformEvent & { id?: string }): void {
    switch (frame.event) {
      case "connection.ping":
        this.#send({ type: "command", event: "pong", id: frame.id });
        return;
      case "connection.established":
        this.#established(frame.data);
        return;
      case "history.gap":
        // What comes next is the oldest that there is.
        this.#heardThrough(frame.data.oldest - 1);
        this.#options.onGap?.(frame.data);
        return;
    }
    if (frame.seq !== undefined && this.#place) {
      if (frame.seq <= this.#place.seq) return;
      this.#heardThrough(frame.seq);
    }
    this.#wishes.tell(frame);
  }

  #heardThrough(seq: number): void {
    this.#place = { ...this.#place, seq };
  }

  #established(data: EventData["connection.established"]): void {
    const { epoch, seq } = data;
    this.#place = { epoch, seq: this.#place?.seq ?? seq };
    this.#options.onState?.("open");
    const { all } = this.#wishes;
    const agreed = all ? this.#ask("subscribe", all) : Promise.resolve();
    agreed.then(this.#opened.resolve, () => this.#socket?.close(4000));
  }

  /** Says something if there is somebody to say it to; with the next connection all is said anew. */
  #say(event: string, data: object = {}): void {
    if (!this.#place || this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#ask(event, data).catch(() => {});
  }

  /** @throws CommandError when it is refused, or the connection ends before the answer */
  #ask(event: string, data: object): Promise<void> {
    const id = String(++this.#command);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#commands.set(id, { resolve, reject });
    this.#send({ type: "command", event, id, data });
    return promise;
  }

  #send(command: object): void {
    this.#socket?.send(JSON.stringify(command));
  }
}
