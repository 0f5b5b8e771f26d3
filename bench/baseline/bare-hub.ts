import { DurableObject } from "cloudflare:workers";

/** The least that a hub can be: sockets that hibernate, and everything goes to all of them. */
export class BareHub extends DurableObject {
  override fetch(request: Request): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, [new URL(request.url).searchParams.get("socket") ?? ""]);
    return new Response(null, { status: 101, webSocket: client });
  }

  async broadcast(frames: readonly string[]): Promise<void> {
    for (const frame of frames) for (const socket of this.ctx.getWebSockets()) socket.send(frame);
  }

  /** Each socket gets the frame that is its own. */
  async tellEach(frames: readonly string[]): Promise<void> {
    for (const [index, frame] of frames.entries())
      for (const socket of this.ctx.getWebSockets(String(index))) socket.send(frame);
  }

  override webSocketMessage(): void {
    // Whatever clients of the platform's hub say to it.
  }
}
