import { closeCodes, connectionFrame, findingOf, lifeSign } from "#src/realtime/index.ts";

import { Listener, type Upkeep } from "./listener.ts";
import { Listeners } from "./listeners.ts";

/** Never sent: a socket has broken off without a code. */
const brokenOff = 1006;

/** A hub's open sockets, each with its listener. One's fault reaches no other: it ends that socket. */
export class Sockets {
  readonly #known = new WeakMap<WebSocket, Listener>();
  readonly #upkeep: Upkeep;
  readonly #failed: (message: string, error: unknown) => void;
  readonly listeners = new Listeners();
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** @param failed says what has failed */
  constructor(upkeep: Upkeep, failed: (message: string, error: unknown) => void) {
    this.#upkeep = upkeep;
    this.#failed = failed;
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
    this.#failed("a socket failed and is closed", error);
    this.forget(socket, closeCodes.failure);
    if (socket.readyState !== WebSocket.OPEN) return;
    const [code, reason] = [closeCodes.failure, "Something went wrong"];
    // What the socket is may be what cannot be read: it is told in a frame by itself, also if it takes batches.
    socket.send(connectionFrame({ event: "connection.closed", data: { code, reason } }, Date.now()));
    socket.close(code, reason);
  }

  /** A socket has ended. */
  forget(socket: WebSocket, code = brokenOff): void {
    const listener = this.#known.get(socket);
    if (!listener) return;
    this.listeners.remove(listener);
    this.#upkeep.ended(listener, code);
  }

  /**
   * Looks for signs of life: asks those who are silent, ends those who do not answer.
   * @returns when to look again
   */
  look(
    ctx: Pick<DurableObjectState, "getWebSockets" | "getWebSocketAutoResponseTimestamp">,
    now: number,
  ): number {
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
  lookAgain(ctx: Parameters<Sockets["look"]>[0], now: number): void {
    if (Math.abs(now - this.#lookedAt) >= lifeSign.lookEveryMs) this.look(ctx, now);
  }

  #listenerOf(socket: WebSocket): Listener {
    const known = this.#known.get(socket);
    if (known) return known;
    const listener = new Listener(socket, this.#upkeep);
    this.#known.set(socket, listener);
    this.listeners.add(listener);
    return listener;
  }
}
