import { batchBytes, batchFrame, batchOverhead } from "#src/realtime/index.ts";
import type { Frame } from "./frame.ts";

/** Sends frames on a socket: each by itself, or, if the client has asked for that, several as one. */
export class Outbox {
  readonly #socket: WebSocket;
  readonly #isBatched: boolean;
  /** Has `flush` called soon. */
  readonly #flushSoon: () => void;
  #gathered: string[] = [];
  #bytes = 0;

  constructor(socket: WebSocket, isBatched: boolean, flushSoon: () => void) {
    this.#socket = socket;
    this.#isBatched = isBatched;
    this.#flushSoon = flushSoon;
  }

  /** What a frame adds to what goes out, in bytes. */
  costOf({ bytes }: Frame): number {
    if (!this.#isBatched) return bytes;
    return bytes + (this.#opensBatch(bytes) ? batchOverhead : 1);
  }

  put(frame: Frame): void {
    if (this.#isBatched) this.#gather(frame);
    else this.#socket.send(frame.text);
  }

  /** Sends what has gathered. */
  flush(): void {
    if (this.#gathered.length === 0) return;
    const gathered = this.#gathered;
    this.#gathered = [];
    this.#bytes = 0;
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(batchFrame(gathered));
  }

  #gather(frame: Frame): void {
    const cost = this.costOf(frame);
    if (this.#opensBatch(frame.bytes)) {
      this.flush();
      this.#flushSoon();
    }
    this.#gathered.push(frame.text);
    this.#bytes += cost;
  }

  #opensBatch(bytes: number): boolean {
    return this.#gathered.length === 0 || this.#bytes + bytes + 1 > batchBytes;
  }
}
