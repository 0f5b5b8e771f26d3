import type { PlatformEvent } from "#src/events/index.ts";
import {
  type Connection,
  closeCodes,
  connectionSchema,
  eventFrame,
  hasRoom,
  isQuestionDue,
  questionFrame,
  wants,
  withAnswer,
  withQuestion,
  withSent,
} from "#src/realtime/index.ts";

/** How long a client may take to say that it has what it was sent, before it counts as one that does not read. */
const patienceMs = 5000;

const encoder = new TextEncoder();

/** What goes out on sockets. */
export interface Frame {
  text: string;
  bytes: number;
}

/** A frame, its bytes counted once for however many sockets it goes to. */
export const frameOf = (text: string): Frame => ({ text, bytes: encoder.encode(text).byteLength });

const frameOfEvent = (event: PlatformEvent): Frame => frameOf(eventFrame(event));

/**
 * An open socket with its connection, which lies in its attachment: that is all
 * that is left of it when the hub hibernates. One per socket and instance of the hub.
 */
export class Listener {
  readonly #socket: WebSocket;
  #connection: Connection;
  /** Called when the client has taken more, or the socket has ended. */
  #waiting: (() => void)[] = [];
  /** Whether it is being caught up from the log, and whether something was published meanwhile. */
  replay: { missed: boolean } | undefined;

  /** @throws when the attachment cannot be read */
  constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#connection = connectionSchema.parse(socket.deserializeAttachment());
  }

  get connection(): Connection {
    return this.#connection;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  keep(change: Partial<Connection>): void {
    this.#connection = { ...this.#connection, ...change };
    this.#socket.serializeAttachment(this.#connection);
  }

  /** Sends; a client that has not taken what went before is closed instead. */
  send(text: string): void {
    this.#send(frameOf(text));
  }

  /** Sends when the client has taken enough of what went before; one that does not take it is closed. */
  async sendInTurn(text: string): Promise<void> {
    const frame = frameOf(text);
    while (this.isOpen && !hasRoom(this.#connection.outflow, frame.bytes)) await this.acknowledged();
    this.#send(frame);
  }

  /**
   * Shows events that the connection may and wants to see, in order.
   * @param toFrame an event as a frame
   * @returns whether there was room for all; the others are shown from the log later
   */
  deliver(
    events: readonly PlatformEvent[],
    toFrame: (event: PlatformEvent) => Frame = frameOfEvent,
  ): boolean {
    let { seenSeq } = this.#connection;
    let hasRoomForAll = true;
    for (const event of events) {
      if (wants({ ...this.#connection, seenSeq }, event) && !this.#put(toFrame(event))) {
        hasRoomForAll = false;
        break;
      }
      seenSeq = Math.max(seenSeq, event.seq);
    }
    // Without a subscription nothing has been shown: a later one still gets it.
    if (this.#connection.patterns.length > 0 && seenSeq > this.#connection.seenSeq) this.keep({ seenSeq });
    return hasRoomForAll;
  }

  /** Takes a client's answer; false when nobody asked. */
  acknowledge(id: string): boolean {
    const outflow = withAnswer(this.#connection.outflow, id);
    if (!outflow) return false;
    this.keep({ outflow });
    this.#wake();
    return true;
  }

  /** Resolves when the client has taken more of what it was sent; one that does not in time is closed. */
  async acknowledged(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tooLate = new Promise<"too late">((resolve) => {
      timer = setTimeout(() => resolve("too late"), patienceMs);
    });
    const answer = new Promise<"answered">((resolve) => this.#waiting.push(() => resolve("answered")));
    const outcome = await Promise.race([tooLate, answer]);
    clearTimeout(timer);
    if (outcome === "too late") this.end(closeCodes.tooSlow, "What was sent is not acknowledged");
  }

  end(code: number, reason: string): void {
    if (this.isOpen) this.#socket.close(code, reason);
    this.#wake();
  }

  #send(frame: Frame): void {
    if (this.#put(frame)) this.keep({});
    else this.end(closeCodes.tooSlow, "What was sent is not acknowledged");
  }

  /** Sends if there is room, with a question behind it when one is due. One on its way out is sent nothing. */
  #put({ text, bytes }: Frame): boolean {
    if (!this.isOpen) return true;
    if (!hasRoom(this.#connection.outflow, bytes)) return false;
    this.#socket.send(text);
    let outflow = withSent(this.#connection.outflow, bytes);
    if (isQuestionDue(outflow)) {
      const id = crypto.randomUUID();
      this.#socket.send(questionFrame(id, Date.now()));
      outflow = withQuestion(outflow, id);
    }
    this.#connection = { ...this.#connection, outflow };
    return true;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
