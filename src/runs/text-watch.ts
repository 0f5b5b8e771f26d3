import { z } from "zod";
import { waitAtMost } from "#src/kernel/wait-at-most.ts";
import { closeCodes } from "#src/realtime/index.ts";

/** A text that is being written, as a stream of a run's events tells of it: without an id. */
export interface TextEvent {
  type: "text";
  event: string;
  data: string;
}

/** What the stream itself waits for the hub at most, in milliseconds, and how soon it asks a hub again that has gone. */
const patienceMs = 500;
const againAfterMs = { first: 100, longest: 5000 };

const frameSchema = z.object({
  event: z.string(),
  id: z.string().optional(),
  data: z.record(z.string(), z.unknown()).default({}),
  timestamp: z.string(),
});

/** With these the hub says that nothing more is to be heard. */
const isForGood = (code: number): boolean =>
  code === closeCodes.sessionEnded || code === closeCodes.rightsLost;

/**
 * The texts of a run as they are written, from the hub. One that goes, as with a deployment, is asked again, and begins
 * with snapshots; while there is none, or no socket to be had, the stream has the run's events alone.
 */
export class TextWatch {
  readonly #open: () => Promise<WebSocket | null>;
  #connecting: Promise<void>;
  #socket: WebSocket | undefined;
  #isOver = false;
  #came: TextEvent[] = [];
  /** The hub's questions whether what it has sent has been taken; they are answered when it has. */
  #questions: string[] = [];
  #wake = Promise.withResolvers<void>();
  #answer = Promise.withResolvers<void>();

  /** @param open opens a socket; null when there is none to be had */
  constructor(open: () => Promise<WebSocket | null>) {
    this.#open = open;
    this.#connecting = this.#connect(againAfterMs.first);
  }

  /** Resolves when texts have come. */
  arrived(): Promise<void> {
    return this.#wake.promise;
  }

  /** What has come and has not been taken yet. */
  take(): TextEvent[] {
    const came = this.#came;
    this.#came = [];
    this.#wake = Promise.withResolvers();
    for (const id of this.#questions.splice(0)) this.#say({ event: "pong", id });
    return came;
  }

  /** All that the hub has told so far has come, unless it takes too long: text comes before the event of its end. */
  async settle(): Promise<void> {
    await waitAtMost(this.#connecting, patienceMs);
    if (!this.#socket) return;
    this.#answer = Promise.withResolvers();
    this.#say({ event: "ping" });
    await waitAtMost(this.#answer.promise, patienceMs);
  }

  close(): void {
    this.#isOver = true;
    this.#socket?.close(1000, "The stream has ended");
  }

  async #connect(pauseMs: number): Promise<void> {
    const again = () => {
      this.#socket = undefined;
      this.#answer.resolve();
      const longer = Math.min(pauseMs * 2, againAfterMs.longest);
      if (this.#isOver) return;
      setTimeout(() => {
        this.#connecting = this.#connect(longer);
      }, pauseMs);
    };
    const socket = await this.#open().catch(() => null);
    if (!socket) return again();
    socket.accept();
    socket.addEventListener("message", ({ data }) => this.#hear(String(data)));
    socket.addEventListener("close", ({ code }) => {
      if (isForGood(code)) this.#isOver = true;
      again();
    });
    this.#socket = socket;
    if (this.#isOver) this.close();
  }

  #hear(message: string): void {
    const { event, id, data, timestamp } = frameSchema.parse(JSON.parse(message));
    if (event === "pong") this.#answer.resolve();
    if (event === "connection.ping" && id !== undefined) this.#questions.push(id);
    else if (event.startsWith("execution."))
      this.#came.push({ type: "text", event, data: JSON.stringify({ ...data, timestamp }) });
    else return;
    this.#wake.resolve();
  }

  #say(command: { event: "ping" | "pong"; id?: string }): void {
    try {
      this.#socket?.send(JSON.stringify({ type: "command", ...command }));
    } catch {
      // It has just closed: another one is on its way.
      this.#answer.resolve();
    }
  }
}

/** A run's events with its texts in between. */
export async function* withTexts<Frame>(
  frames: AsyncIterator<Frame>,
  texts: Pick<TextWatch, "arrived" | "take" | "close">,
): AsyncGenerator<Frame | TextEvent> {
  try {
    for (let next = frames.next(); ; ) {
      const result = await Promise.race([next, texts.arrived()]);
      if (!result) {
        yield* texts.take();
        continue;
      }
      if (result.done) return;
      yield* texts.take();
      yield result.value;
      next = frames.next();
    }
  } finally {
    texts.close();
  }
}
