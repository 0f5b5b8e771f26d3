import { type Client, type ClientOptions, createClient } from "graphql-ws/client";
import { upgrade } from "./graphql-socket.ts";

/** The browser's `WebSocket`, as far as the official client uses it, whose connection is made by whoever it is given. */
function socketOf(headers: Record<string, string>) {
  return class PlatformSocket {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readyState = 0;
    protocol = "";
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: unknown }) => void) | null = null;
    onclose: ((event: { code: number; reason: string; wasClean: boolean }) => void) | null = null;
    onerror: ((error: unknown) => void) | null = null;
    #socket: WebSocket | undefined;

    constructor(url: string, protocols: string) {
      void this.#open(url, protocols);
    }

    async #open(url: string, protocols: string): Promise<void> {
      const { search } = new URL(url);
      const answer = await upgrade({ ...headers, "sec-websocket-protocol": protocols }, search);
      const socket = answer.webSocket;
      if (!socket || this.readyState !== 0) return this.#closed(1006, `${answer.status}`);
      this.#socket = socket;
      this.protocol = answer.headers.get("sec-websocket-protocol") ?? "";
      socket.addEventListener("message", ({ data }) => this.onmessage?.({ data }));
      socket.addEventListener("close", ({ code, reason }) => this.#closed(code, reason));
      socket.accept();
      this.readyState = 1;
      this.onopen?.();
    }

    #closed(code: number, reason: string): void {
      if (this.readyState === 3) return;
      this.readyState = 3;
      this.onclose?.({ code, reason, wasClean: code !== 1006 });
    }

    send(data: string): void {
      this.#socket?.send(data);
    }

    close(code = 1000, reason = ""): void {
      this.#socket?.close(code, reason);
      this.#closed(code, reason);
    }
  };
}

/** The official client, as somebody uses it who sends their token. */
export const officialClient = (
  { headers }: { headers: Record<string, string> },
  options: Partial<ClientOptions> = {},
): Client =>
  createClient({ url: "ws://platform.test/graphql", webSocketImpl: socketOf(headers), ...options });
