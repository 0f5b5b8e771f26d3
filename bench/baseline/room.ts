import { DurableObject } from "cloudflare:workers";
import { z } from "zod";
import { packets, readPacket } from "#src/realtime/index.ts";

const sentSchema = z.object({ content: z.string() });

/** What conversations are measured against: an object that stores what is sent and tells it to all, and does nothing else. */
export class BareRoom extends DurableObject<unknown> {
  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS messages (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, content TEXT NOT NULL, at INTEGER NOT NULL)",
    );
  }

  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    server.send(packets.opened(crypto.randomUUID()));
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(socket: WebSocket, said: string): void {
    const packet = readPacket(said);
    if (packet?.type === "connect") socket.send(packets.connected(crypto.randomUUID()));
    if (packet?.type !== "event") return;
    const told = packet.event === "send-message" ? this.#store(packet.values[0]) : true;
    if (packet.ack !== undefined) socket.send(packets.acknowledged(packet.ack, told));
  }

  #store(value: unknown) {
    const { content } = sentSchema.parse(value);
    const message = { id: crypto.randomUUID(), content, createdAt: Date.now() };
    this.ctx.storage.sql.exec(
      "INSERT INTO messages (id, content, at) VALUES (?, ?, ?)",
      message.id,
      content,
      message.createdAt,
    );
    const frame = packets.event("new-message", message);
    for (const each of this.ctx.getWebSockets()) each.send(frame);
    return message;
  }
}
