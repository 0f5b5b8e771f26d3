import type { Frame, Parcel } from "./frames.ts";
import { tell } from "./hearing.ts";

/** So long an opening may take; and so often each side says that it is there. */
const [patienceMs, pulseMs] = [10_000, 25_000];

/** One WebSocket, for as long as somebody is at its other end. */
export class LiveSocket {
  /** Resolves with the code of its end, also where the other side does not hear of it. */
  readonly ended: Promise<number>;
  readonly #socket: WebSocket;
  readonly #end: (code: number) => void;
  #isOver = false;
  #isHeard = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param hear is told every frame until the end; what it throws of one concerns no other */
  constructor(socket: WebSocket, hear: (frame: Frame) => void) {
    const { promise, resolve } = Promise.withResolvers<number>();
    this.#socket = socket;
    this.ended = promise;
    this.#end = (code) => {
      this.#isOver = true;
      clearTimeout(this.#timer);
      resolve(code);
    };
    socket.addEventListener("message", ({ data }) => {
      this.#isHeard = true;
      for (const frame of framesIn(String(data))) if (!this.#isOver) tell(hear, frame);
    });
    socket.addEventListener("close", ({ code }) => this.#end(code));
    socket.addEventListener("error", () => this.#end(0));
    this.#listenFor(patienceMs);
  }

  send(frame: object): void {
    if (!this.#isOver && this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** Ends it, and waits for nobody: who is gone says no goodbye. @param code as what it has ended */
  close(code: number): void {
    this.#socket.close(1000);
    this.#end(code);
  }

  /** Where nothing is heard within the time, nobody is there; where something is, it is asked anew. */
  #listenFor(ms: number): void {
    this.#timer = setTimeout(() => {
      if (!this.#isHeard) return this.close(4000);
      this.#isHeard = false;
      this.send({ type: "ping" });
      this.#listenFor(pulseMs);
    }, ms);
  }
}

function framesIn(text: string): Frame[] {
  const message: Parcel = JSON.parse(text);
  return message.type === "batch" ? message.frames : [message];
}
