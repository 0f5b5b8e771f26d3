import { closeCodes, connectionFrame, lifeSign } from "#src/realtime/index.ts";

import { Listener, type Upkeep } from "./listener.ts";
import { Listeners } from "./listeners.ts";

/** A hub's open sockets, each with its listener. One's fault reaches no other: it ends that socket. */
export class Sockets {
  readonly #known = new WeakMap<WebSocket, Listener>();
  readonly #upkeep: Upkeep;
  readonly #failed: (message: string, error: unknown) => void;
  readonly listeners = new Listeners();

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

  fail(socket: WebSocket, error: unknown): void {
    this.#failed("a socket failed and is closed", error);
    this.forget(socket);
    if (socket.readyState !== WebSocket.OPEN) return;
    const [code, reason] = [closeCodes.failure, "Something went wrong"];
    // What the socket is may be what cannot be read: it is told in a frame by itself, also if it takes batches.
    socket.send(connectionFrame({ event: "connection.closed", data: { code, reason } }, Date.now()));
    socket.close(code, reason);
  }

  /** A socket has ended. */
  forget(socket: WebSocket): void {
    const listener = this.#known.get(socket);
    if (!listener) return;
    this.listeners.remove(listener);
    this.#upkeep.ended(listener);
  }

  /** Ends those that gave signs of life and have given none for so long that nobody is there. */
  endSilent(ctx: Pick<DurableObjectState, "getWebSockets" | "getWebSocketAutoResponseTimestamp">): void {
    const before = Date.now() - lifeSign.withinMs;
    for (const socket of ctx.getWebSockets()) {
      const heardAt = ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? before;
      if (heardAt < before)
        this.with(socket, (listener) => {
          if (listener.heardAt < before) listener.end(closeCodes.silent, "Nothing was heard");
        });
    }
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
