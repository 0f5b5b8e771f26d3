const windowMs = 10_000;
const mostMessages = 100;

/** Counts a socket's messages; one that sends more than 100 within 10 s is flooding. */
export class Flood {
  readonly #counts = new WeakMap<WebSocket, { windowStart: number; count: number }>();

  admits(socket: WebSocket, now: number): boolean {
    const known = this.#counts.get(socket);
    const current = known && now - known.windowStart < windowMs ? known : { windowStart: now, count: 0 };
    current.count += 1;
    this.#counts.set(socket, current);
    return current.count <= mostMessages;
  }
}
