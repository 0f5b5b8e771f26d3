import { type Listener, olderWish, refusedPackets } from "#src/conversations/index.ts";
import { packets, readPacket } from "#src/realtime/index.ts";
import type { Live } from "./live.ts";

interface Parts {
  id: string;
  live: Pick<Live, "put" | "join">;
}

/** What nobody can read: it is refused as such. */
const unreadable = "";

/** Hears clients of Socket.IO (docs/conversations.md#from-socketio): what they say as commands, as this platform's sockets say it. */
export class OlderClients {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @returns a command; undefined where it is done, and nothing else is to be */
  hear(socket: WebSocket, { outflow }: Listener, message: string | ArrayBuffer): string | undefined {
    const { id, live } = this.#parts;
    const packet = typeof message === "string" ? readPacket(message) : undefined;
    switch (packet?.type) {
      case undefined:
        return unreadable;
      case "nothing":
        return undefined;
      case "connect":
        return live.put(socket, packets.connected(crypto.randomUUID())) ?? undefined;
      case "disconnect":
        return socket.close(1000) ?? undefined;
      case "ping":
        return commandOf("ping");
      case "pong":
        // Its packet has no number: questions are answered in their order.
        return commandOf("pong", outflow.asked[0]?.id ?? "none");
      case "event": {
        const wish = olderWish(packet, id, () => crypto.randomUUID());
        if (wish.wants === "command") return wish.frame;
        if (wish.wants === "nothing") {
          for (const packet of refusedPackets({ message: wish.why, code: "NOT_FOUND" }, wish.ack))
            live.put(socket, packet);
        } else {
          live.join(socket, wish.wants === "join");
          if (wish.ack) live.put(socket, packets.acknowledged(wish.ack, true));
        }
        return undefined;
      }
    }
  }
}

const commandOf = (event: string, id?: string): string => JSON.stringify({ type: "command", event, id });
