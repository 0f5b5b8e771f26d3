import { vi } from "vitest";
import { RealtimeConnection } from "#client/realtime.ts";
import type { ConnectOptions } from "#client/resuming-socket.ts";
import { fixedToken } from "#client/tokens.ts";

/** What a client says. */
interface Said {
  type: string;
  event?: string;
  id?: string;
  data?: unknown;
}

/** A WebSocket of a client whose server is the test. */
export class ScriptedSocket extends EventTarget {
  static readonly OPEN = 1;
  readonly url: URL;
  readyState = 0;
  /** What the client has sent, as it was. */
  readonly sent: string[] = [];
  readonly #answered = new Set<string>();

  constructor(url: string) {
    super();
    this.url = new URL(url);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  /** The client closes it; whether anybody hears of it is for the test to say. */
  close(): void {
    this.readyState = 2;
  }

  get said(): Said[] {
    return this.sent.map((text) => JSON.parse(text));
  }

  /** What the client has said of commands, without their ids. */
  get commands(): unknown[] {
    return this.said.flatMap(({ type, event, data }) => (type === "command" ? [{ event, data }] : []));
  }

  open(): void {
    this.readyState = ScriptedSocket.OPEN;
  }

  greet(place: { epoch: string; seq: number }): void {
    this.open();
    this.tell({ event: "connection.established", data: { user_id: "u", ...place } });
  }

  /** Events, in one message. */
  tell(...events: object[]): void {
    this.message({ type: "batch", frames: events.map((event) => ({ type: "event", ...event })) });
  }

  /** Answers each command that was not answered yet. */
  answer(answerOf: (said: Said) => object = () => ({ type: "response" })): void {
    for (const said of this.said) {
      if (said.id === undefined || this.#answered.has(said.id)) continue;
      this.#answered.add(said.id);
      this.message({ data: {}, ...answerOf(said), event: said.event, id: said.id });
    }
  }

  message(message: object): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }

  cut(code = 1006): void {
    this.readyState = 3;
    this.dispatchEvent(new CloseEvent("close", { code }));
  }
}

/** Whatever is due by now happens. */
export const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

/** A connection of the client library whose sockets and clock are the test's. */
export async function scriptedConnection(options: ConnectOptions = {}) {
  const sockets: ScriptedSocket[] = [];
  class Recorded extends ScriptedSocket {
    constructor(url: string) {
      super(url);
      sockets.push(this);
    }
  }
  vi.stubGlobal("WebSocket", Recorded);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const connection = new RealtimeConnection(
    { baseUrl: "http://platform.test", fetch: async () => Response.json({}), tokens: fixedToken("token") },
    options,
  );
  await settle();
  return {
    connection,
    sockets,
    /** The newest socket. */
    get socket(): ScriptedSocket {
      const socket = sockets.at(-1);
      if (!socket) throw new Error("Nobody has connected");
      return socket;
    },
    /** The newest socket ends, and the client comes again. */
    async comeAgain(code?: number): Promise<void> {
      this.socket.cut(code);
      await settle(10_000);
    },
  };
}
