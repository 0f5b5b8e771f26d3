import { DurableObject } from "cloudflare:workers";
import {
  type Connection,
  connectionHeader,
  connectionSchema,
  mostPatterns,
  wants,
} from "../../src/realtime/connection.ts";
import { type Command, errorFrame, eventFrame, responseFrame } from "../../src/realtime/frames.ts";
import type { PlatformEvent } from "../../src/realtime/platform-event.ts";
import { readCommand } from "../../src/realtime/read-command.ts";
import type { TenantHubApi } from "../../src/realtime/tenant-hub-api.ts";
import type { TenantWorkflowsApi } from "../../src/workflows/tenant-workflows-api.ts";
import type { DurableObjectEnv } from "../environment.ts";
import { tenantWorkflows } from "../tenant-workflows/client.ts";
import { Flood } from "./flood.ts";

const maxFrameBytes = 64 * 1024;
const replayPage = 200;
const closeCodes = { policy: 1008, tooBig: 1009, sessionEnded: 4001 } as const;

/** The tenant's WebSocket hub (spec 05-realtime). Sockets hibernate; what a socket needs lies in its attachment. */
export class TenantHub extends DurableObject<DurableObjectEnv> implements TenantHubApi {
  readonly #flood = new Flood();
  /** Sockets that are being caught up from the log, and whether something was published meanwhile. */
  readonly #replaying = new Map<WebSocket, { missed: boolean }>();

  override async fetch(request: Request): Promise<Response> {
    const connection = connectionSchema.parse(JSON.parse(request.headers.get(connectionHeader) ?? "null"));
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, [`session:${connection.sessionId}`]);
    const since = new URL(request.url).searchParams.get("since");
    const { oldest, latest } = await this.#logOf(connection).greetListener();
    const seenSeq = since === null ? latest : Math.min(Number(since), latest);
    this.#keep(server, { ...connection, seenSeq });
    server.send(
      responseFrame(
        "connection.established",
        { user_id: connection.userId, seq: latest },
        Date.now(),
        undefined,
        "event",
      ),
    );
    if (oldest > seenSeq + 1) {
      server.send(responseFrame("history.gap", { since: seenSeq, oldest }, Date.now(), undefined, "event"));
    }
    await this.#armExpiry(connection.expiresAt);
    return new Response(null, { status: 101, webSocket: client });
  }

  async publish(events: readonly PlatformEvent[]): Promise<{ sockets: number }> {
    const sockets = this.ctx.getWebSockets();
    for (const socket of sockets) {
      const replay = this.#replaying.get(socket);
      if (replay) replay.missed = true;
      else this.#deliver(socket, events);
    }
    return { sockets: sockets.length };
  }

  async endSessions(sessionIds: readonly string[]): Promise<void> {
    for (const sessionId of sessionIds) {
      for (const socket of this.ctx.getWebSockets(`session:${sessionId}`))
        this.#end(socket, closeCodes.sessionEnded, "The session has ended");
    }
  }

  async endAll(): Promise<void> {
    for (const socket of this.ctx.getWebSockets())
      this.#end(socket, closeCodes.sessionEnded, "The tenant has been switched off");
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    if (socket.readyState !== WebSocket.OPEN) return;
    const now = Date.now();
    const bytes =
      typeof message === "string" ? new TextEncoder().encode(message).byteLength : message.byteLength;
    if (bytes > maxFrameBytes) {
      this.#send(socket, errorFrame("Message too large", `At most ${maxFrameBytes} bytes`, now));
      return this.#end(socket, closeCodes.tooBig, "Message too large");
    }
    if (!this.#flood.admits(socket, now)) {
      this.#send(socket, errorFrame("Too many messages", "Slow down", now));
      return this.#end(socket, closeCodes.policy, "Too many messages");
    }
    const command = readCommand(message);
    if (command.ok) await this.#obey(socket, command.value, now);
    else this.#send(socket, errorFrame("Invalid command", command.details, now, command.command, command.id));
  }

  override async webSocketClose(socket: WebSocket, code: number, reason: string): Promise<void> {
    this.#replaying.delete(socket);
    // 1005 and 1006 are never sent: they only say that the other side gave no code.
    socket.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }

  /** Closes the connections whose access token has run out. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    let next = Number.POSITIVE_INFINITY;
    for (const socket of this.ctx.getWebSockets()) {
      const { expiresAt } = this.#connection(socket);
      if (expiresAt <= now) this.#end(socket, closeCodes.sessionEnded, "The access token has expired");
      else next = Math.min(next, expiresAt);
    }
    if (Number.isFinite(next)) await this.ctx.storage.setAlarm(next);
  }

  async #obey(socket: WebSocket, command: Command, now: number): Promise<void> {
    const connection = this.#connection(socket);
    switch (command.event) {
      case "ping":
        return this.#send(socket, responseFrame("pong", {}, now, command.id));
      case "subscribe": {
        const patterns = [...new Set([...connection.patterns, ...command.data.events])];
        if (patterns.length > mostPatterns) {
          return this.#send(
            socket,
            errorFrame("Too many subscriptions", `At most ${mostPatterns}`, now, "subscribe", command.id),
          );
        }
        this.#keep(socket, { ...connection, patterns });
        this.#send(socket, responseFrame("subscribe", { events: patterns }, now, command.id));
        return this.#replay(socket);
      }
      case "unsubscribe": {
        const patterns = connection.patterns.filter((pattern) => !command.data.events.includes(pattern));
        this.#keep(socket, { ...connection, patterns });
        return this.#send(socket, responseFrame("unsubscribe", { events: patterns }, now, command.id));
      }
      case "history": {
        const { since, limit } = command.data;
        const { events, oldest, latest } = await this.#logOf(connection).readEvents({ since, limit });
        const visible = events.filter((event) =>
          wants({ ...connection, seenSeq: 0, patterns: ["**"] }, event),
        );
        return this.#send(
          socket,
          responseFrame(
            "history",
            { events: visible, oldest, latest, next: events.at(-1)?.seq ?? since },
            now,
            command.id,
          ),
        );
      }
    }
  }

  /** Catches a socket up from the tenant's log; what is published meanwhile is in the log as well. */
  async #replay(socket: WebSocket): Promise<void> {
    if (this.#replaying.has(socket)) return;
    const replay = { missed: false };
    this.#replaying.set(socket, replay);
    try {
      for (;;) {
        replay.missed = false;
        const connection = this.#connection(socket);
        const { events } = await this.#logOf(connection).readEvents({
          since: connection.seenSeq,
          limit: replayPage,
        });
        this.#deliver(socket, events);
        if (events.length < replayPage && !replay.missed) return;
      }
    } finally {
      this.#replaying.delete(socket);
    }
  }

  #deliver(socket: WebSocket, events: readonly PlatformEvent[]): void {
    const connection = this.#connection(socket);
    let { seenSeq } = connection;
    for (const event of events) {
      if (wants({ ...connection, seenSeq }, event)) this.#send(socket, eventFrame(event));
      seenSeq = Math.max(seenSeq, event.seq);
    }
    // Without a subscription nothing has been shown: a later one still gets it.
    if (connection.patterns.length > 0 && seenSeq > connection.seenSeq)
      this.#keep(socket, { ...connection, seenSeq });
  }

  #logOf({ clientId }: Connection): TenantWorkflowsApi {
    return tenantWorkflows(this.env, clientId);
  }

  #connection(socket: WebSocket): Connection {
    return connectionSchema.parse(socket.deserializeAttachment());
  }

  #keep(socket: WebSocket, connection: Connection): void {
    socket.serializeAttachment(connection);
  }

  /** Sends unless the socket is on its way out: one that is must not break what others get. */
  #send(socket: WebSocket, frame: string): void {
    if (socket.readyState === WebSocket.OPEN) socket.send(frame);
  }

  #end(socket: WebSocket, code: number, reason: string): void {
    if (socket.readyState === WebSocket.OPEN) socket.close(code, reason);
  }

  async #armExpiry(expiresAt: number): Promise<void> {
    const armed = await this.ctx.storage.getAlarm();
    if (armed === null || armed > expiresAt) await this.ctx.storage.setAlarm(expiresAt);
  }
}
