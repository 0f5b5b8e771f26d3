import { type CommandError, Commands, isRefusal, unanswered } from "./commands.ts";
import { isPassing, refusalOf } from "./errors.ts";
import type { EventData, PlatformEvent } from "./events.ts";
import type { Answer, EventFrame, Frame, Gap } from "./frames.ts";
import { tell } from "./hearing.ts";
import { LiveSocket } from "./live-socket.ts";
import { pauseMs, waited } from "./pauses.ts";
import type { Fetch } from "./signed-fetch.ts";
import type { TokenSource } from "./tokens.ts";

/** So long an answer may take. */
const answerWithinMs = 30_000;

/** How a connection stands: `waiting` is between two attempts. */
export type ConnectionState = "connecting" | "open" | "waiting" | "closed";

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
  /** Where the socket is; the tenant's where left out. */
  path?: string;
}

/** Whoever a connection is for. */
interface Owner {
  /** There is a new socket, which knows nothing yet: all is to be said to it. @throws CommandError */
  greeted(): Promise<void>;
  hear(event: PlatformEvent): void;
  /** Nothing comes any more. @param reason why, where nobody has closed it */
  ended(reason: unknown): void;
}

/** Closes after which only whoever has a session may come again, and those after which one comes again later. */
const sessionEnds: readonly number[] = [4001, 4003];
const ends: readonly number[] = [1008, 1011, 1013];

/** A WebSocket that comes back when it is cut, goes on where it was, and says so where that cannot be. */
export class ResumingSocket {
  readonly closed: Promise<void>;
  readonly #parts: RealtimeParts;
  readonly #options: ConnectOptions;
  readonly #owner: Owner;
  readonly #end = new AbortController();
  readonly #commands = new Commands();
  /** The socket there is. Until the server has greeted, nothing is said on it: it would not know yet from where to show. */
  #live: LiveSocket | undefined;
  #isGreeted = false;
  #ready = awaited();
  #isReady = false;
  #place: Place | undefined;
  /** The log that the server tells of. */
  #epoch: string | undefined;
  /** Why what is said anew is refused, as it would be by every socket. */
  #refusal: CommandError | undefined;

  constructor(parts: RealtimeParts, options: ConnectOptions, owner: Owner) {
    const { signal, since } = options;
    this.#parts = parts;
    this.#options = options;
    this.#owner = owner;
    this.#place = since;
    if (signal?.aborted) this.#end.abort();
    signal?.addEventListener("abort", () => this.close(), { signal: this.#end.signal });
    this.closed = this.#stay();
    // For whoever wants to know; nobody has to.
    this.closed.catch(() => {});
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get place(): Readonly<Place> | undefined {
    return this.#place;
  }

  close(): void {
    this.#end.abort();
    this.#live?.close(1000);
  }

  /** @throws CommandError when it is refused, or there is no connection, or none any more when the answer should come */
  async ask(event: string, data: object = {}): Promise<Answer> {
    const live = this.#live;
    if (!live || !this.#isGreeted) throw unanswered();
    const answer = this.#commands.say(event, data, (command) => live.send(command));
    // A hub that hangs is left: the platform's own pongs do not say that anybody is at work behind them.
    const late = setTimeout(() => live.close(4000), answerWithinMs);
    return answer.finally(() => clearTimeout(late));
  }

  async #stay(): Promise<void> {
    const { signal } = this.#end;
    let reason: unknown;
    try {
      for (let failures = 0; !signal.aborted; ) {
        this.#state("connecting");
        const { wasReady, code } = await this.#attempt();
        if (signal.aborted) break;
        failures = wasReady && !ends.includes(code) ? 1 : failures + 1;
        this.#state("waiting");
        // A handshake does not say why it was refused.
        if (!wasReady || sessionEnds.includes(code)) await this.#askForSession();
        await waited(pauseMs(failures), signal).catch(() => {});
      }
    } catch (error) {
      reason = error;
      throw error;
    } finally {
      this.#end.abort();
      this.#ready.reject(reason ?? unanswered());
      this.#owner.ended(reason);
      this.#state("closed");
    }
  }

  /** @throws PersonaError when there is no session any more */
  async #askForSession(): Promise<void> {
    const { baseUrl, fetch } = this.#parts;
    try {
      const response = await fetch(new Request(`${baseUrl}/api/v1/auth/session`));
      if (!response.ok) throw await refusalOf(response);
      await response.body?.cancel();
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
  }

  /** One socket, from its opening to its end. @throws when there is nothing to come back for */
  async #attempt(): Promise<{ wasReady: boolean; code: number }> {
    const socket = await this.#open();
    if (!socket) return { wasReady: false, code: 0 };
    const live = new LiveSocket(socket, (frame) => this.#hear(frame));
    this.#live = live;
    if (this.#end.signal.aborted) live.close(1000);
    const code = await live.ended;
    const wasReady = this.#isReady;
    if (wasReady) this.#ready = awaited();
    [this.#live, this.#isGreeted, this.#isReady] = [undefined, false, false];
    this.#commands.cut();
    if (this.#refusal) throw this.#refusal;
    return { wasReady, code };
  }

  async #open(): Promise<WebSocket | undefined> {
    const { baseUrl, tokens, path = "/api/v1/ws?batch=1" } = this.#parts;
    const url = new URL(`${baseUrl.replace(/^http/, "ws")}${path}`);
    const { epoch, seq } = this.#place ?? {};
    if (seq !== undefined) url.searchParams.set("since", String(seq));
    if (epoch !== undefined) url.searchParams.set("epoch", epoch);
    try {
      const token = await tokens.get();
      return new WebSocket(url.href, token === undefined ? [] : ["bearer", token]);
    } catch (error) {
      if (!isPassing(error)) throw error;
      return undefined;
    }
  }

  #hear(frame: Frame): void {
    if (frame.type === "event") this.#happened(frame);
    else if (frame.type !== "pong") this.#commands.answered(frame);
  }

  #happened(frame: EventFrame): void {
    const { event, data, seq } = frame;
    if (event === "connection.ping") this.#live?.send({ type: "command", event: "pong", id: frame.id });
    else if (event === "connection.established") this.#greeted(data);
    // One of a conversation whose room one is in is none of the tenant's log.
    else if (event === "history.gap" && !frame.entity_id) this.#missed(data);
    else if (seq === undefined || this.#goesOn(seq)) this.#owner.hear(frame);
    // The socket itself may take its time to end after that.
    if (event === "connection.closed") this.#live?.close(data.code);
  }

  /** Whether an event is one that was not heard before. */
  #goesOn(seq: number): boolean {
    if (this.#place && seq <= this.#place.seq) return false;
    this.#place = { epoch: this.#epoch, seq };
    return true;
  }

  /** What comes next is the oldest that there is, of the log that there is now. */
  #missed(gap: Gap): void {
    this.#place = { epoch: this.#epoch, seq: Math.max(gap.oldest - 1, 0) };
    tell(this.#options.onGap, gap);
  }

  #greeted({ epoch, seq }: EventData["connection.established"]): void {
    this.#epoch = epoch;
    this.#isGreeted = true;
    // Of another log the gap is told next; who is cut before that comes back from the place that they had.
    if (!this.#place) this.#place = { epoch, seq };
    else if (this.#place.epoch === undefined) this.#place = { ...this.#place, epoch };
    this.#state("open");
    const live = this.#live;
    this.#owner.greeted().then(
      () => {
        if (live !== this.#live) return;
        this.#isReady = true;
        this.#ready.resolve();
      },
      (error) => {
        if (isRefusal(error)) this.#refusal = error;
        live?.close(4000);
      },
    );
  }

  #state(state: ConnectionState): void {
    tell(this.#options.onState, state);
  }
}

/** A promise that nobody has to wait for. */
function awaited(): PromiseWithResolvers<void> {
  const waiting = Promise.withResolvers<void>();
  waiting.promise.catch(() => {});
  return waiting;
}
