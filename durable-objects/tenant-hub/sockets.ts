import { type Caller, closeCodes, findingOf, lifeSign, type Signs } from "#src/realtime/index.ts";
import { Listeners } from "./listeners.ts";

/** Never sent: a socket has broken off without a code. */
const brokenOff = 1006;

/** An open socket, as far as it is held. */
interface Held {
  readonly socket: WebSocket;
  readonly caller: Caller;
  end(code: number, reason: string): void;
  /** @param signAt when it last gave a sign of life; null for never */
  signs(signAt: number | null): Signs;
  askForSign(now: number): void;
}

interface Parts<Listener extends Held> {
  /** @throws when what the socket is cannot be read */
  listenerOf(socket: WebSocket): Listener;
  ended(listener: Listener, code: number): void;
  /** Says what has failed. */
  failed(message: string, error: unknown): void;
  /** What is said before a socket is closed, where its language has that. */
  farewell?(code: number, reason: string): string;
}

/** The sockets that are looked at, and when each last gave a sign of life. */
type Looked = Pick<DurableObjectState, "getWebSocketAutoResponseTimestamp"> & {
  getWebSockets(): WebSocket[];
};

/** A hub's open sockets of one language, each with its listener. One's fault reaches no other: it ends that socket. */
export class Sockets<Listener extends Held> {
  readonly #known = new WeakMap<WebSocket, Listener>();
  readonly #parts: Parts<Listener>;
  readonly listeners = new Listeners<Listener>();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: Parts<Listener>) {
    this.#parts = parts;
  }

  /**
   * Does something with a socket. A failure, or an attachment that cannot be
   * read, ends that socket and reaches nothing else.
   */
  with(socket: WebSocket, work: (listener: Listener) => Promise<void>): Promise<void>;
  with(socket: WebSocket, work: (listener: Listener) => void): void;
  with(socket: WebSocket, work: (listener: Listener) => void | Promise<void>): void | Promise<void> {
    try {
      return work(this.#listenerOf(socket))?.catch((error) => this.fail(socket, error));
    } catch (error) {
      this.fail(socket, error);
    }
  }

  /** Ends sockets, each by itself. */
  end(sockets: readonly WebSocket[], code: number, reason: string): void {
    for (const socket of sockets) this.with(socket, (listener) => listener.end(code, reason));
  }

  fail(socket: WebSocket, error: unknown): void {
    this.#parts.failed("a socket failed and is closed", error);
    this.forget(socket, closeCodes.failure);
    if (socket.readyState !== WebSocket.OPEN) return;
    const [code, reason] = [closeCodes.failure, "Something went wrong"];
    // What the socket is may be what cannot be read: it is told in a frame by itself, also if it takes batches.
    const farewell = this.#parts.farewell?.(code, reason);
    if (farewell !== undefined) socket.send(farewell);
    socket.close(code, reason);
  }

  /** A socket has ended. */
  forget(socket: WebSocket, code = brokenOff): void {
    const listener = this.#known.get(socket);
    if (!listener) return;
    this.listeners.remove(listener);
    this.#parts.ended(listener, code);
  }

  /**
   * Looks for signs of life: asks those who are silent, ends those who do not answer.
   * @returns when to look again
   */
  look(ctx: Looked, now: number): number {
    this.#lookedAt = now;
    let next = Number.POSITIVE_INFINITY;
    for (const socket of ctx.getWebSockets()) {
      this.with(socket, (listener) => {
        const signAt = ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? null;
        const { finding, lookAt } = findingOf(listener.signs(signAt), now);
        if (finding === "gone") return listener.end(closeCodes.silent, "Nothing was heard");
        if (finding === "silent") listener.askForSign(now);
        next = Math.min(next, lookAt);
      });
    }
    return Math.max(next, now + lifeSign.lookEveryMs);
  }

  /** As `look`, where that was not done lately: somebody comes, and does not cost more the more there are. */
  lookAgain(ctx: Looked, now: number): void {
    if (Math.abs(now - this.#lookedAt) >= lifeSign.lookEveryMs) this.look(ctx, now);
  }

  #listenerOf(socket: WebSocket): Listener {
    const known = this.#known.get(socket);
    if (known) return known;
    const listener = this.#parts.listenerOf(socket);
    this.#known.set(socket, listener);
    this.listeners.add(listener);
    return listener;
  }
}
